/** Degrees by which a head is rotated in the picture's plane, from which on its photo is named as tilted. */
export const TILTED_DEGREES = 20;
/** From here on the photo lies on its side or stands on its head, and campaigns leave it out. */
export const SIDEWAYS_DEGREES = 45;
