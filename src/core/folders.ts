/** Where finished creatives are, in an output folder. Whoever lists a run's files needs no renderer. */
export const CREATIVES_FOLDER = "creatives";
