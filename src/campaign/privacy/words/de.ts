import type { PrivacyWords } from "./en.ts";

export const GERMAN: PrivacyWords = {
  why_title: "Warum Sie diese Anzeige sehen ({campaign})",
  why_rights:
    "Sie können jederzeit und ohne Angabe von Gründen solcher Werbung widersprechen, Ihre Einwilligung widerrufen oder verlangen, dass gelöscht wird, was über Sie gespeichert ist.",
  why_models: "Erstellt von: {models}.",
  why_taken_down:
    "Die Anzeige wurde zurückgezogen: Das Foto darin wurde gelöscht. Bis eine neue erstellt ist, sehen Sie keine Anzeige.",
  why_own_default:
    "Sie sehen keine Anzeige: Das Foto, das Kundinnen und Kunden ohne ähnliches Gesicht sehen, ist Ihr eigenes Bild.",
  offer_holdout:
    "Sie sehen keine Anzeige: Ein zufälliger Teil aller Kundinnen und Kunden bleibt außen vor, damit die Wirkung der Kampagne gemessen werden kann.",
  offer_explore:
    "Das Angebot {offer} wurde zufällig aus denen gezogen, die für Sie infrage kommen: Ein Teil aller Kundinnen und Kunden erhält ein solches Angebot, damit wir lernen, welches Angebot wem nützt.",
  offer_none: "Sie sehen keine Anzeige: Von keinem der Angebote war ein Nutzen für Sie zu erwarten.",
  offer_single: "Das Angebot {offer} wurde gewählt, weil es in einem früheren Test am besten abschnitt.",
  offer_personal:
    "Das Angebot {offer} wurde anhand dessen gewählt, was wir über Ihren Vertrag und Ihre Nutzung wissen.",
  offer_lift:
    "Das Angebot {offer} wurde gewählt, weil Kundinnen und Kunden, die das Gleiche nutzen wie Sie, es oft als Nächstes wählen. Das ist ein Muster und kein Beweis, dass die Anzeige etwas ändert.",
  offer_lift_factor:
    "Das Angebot {offer} wurde gewählt, weil Kundinnen und Kunden, die das Gleiche nutzen wie Sie, es oft als Nächstes wählen ({factor}-mal so oft wie alle zusammen). Das ist ein Muster und kein Beweis, dass die Anzeige etwas ändert.",
  whom_all: "Kundinnen und Kunden",
  whom_like_you: "Kundinnen und Kunden wie Sie",
  effect_spent_more:
    "In einem früheren Test gaben {whom}, denen es gezeigt wurde, {amount} mehr aus als solche, denen es nicht gezeigt wurde.",
  effect_spent_less:
    "In einem früheren Test gaben {whom}, denen es gezeigt wurde, {amount} weniger aus als solche, denen es nicht gezeigt wurde.",
  effect_bought_more:
    "In einem früheren Test kauften {whom}, denen es gezeigt wurde, um {amount} Prozentpunkte häufiger als solche, denen es nicht gezeigt wurde.",
  effect_bought_less:
    "In einem früheren Test kauften {whom}, denen es gezeigt wurde, um {amount} Prozentpunkte seltener als solche, denen es nicht gezeigt wurde.",
  photo_lookalike:
    "Sie haben eingewilligt, dass Ihr Foto mit den Fotos unserer Models verglichen wird. Das Bild zeigt ein Model, dessen Gesicht Ihrem ähnelt{distance}. Der Vergleich fand für diese eine Anzeige im Arbeitsspeicher statt; kein Messwert Ihres Gesichts wurde aufbewahrt. Ihr eigenes Foto wird niemandem gezeigt.",
  photo_distance: " (Abstand {distance})",
  photo_drawn:
    "Sie haben eingewilligt, dass Ihr Foto mit den Fotos unserer Models verglichen wird. Es gab eines, das Ihnen ähnelt, doch ein zufälliger Teil dieser Kundinnen und Kunden sieht ein anderes Foto, damit wir messen können, ob Ähnlichkeit eine Rolle spielt. Der Vergleich fand für diese eine Anzeige im Arbeitsspeicher statt; kein Messwert Ihres Gesichts wurde aufbewahrt.",
  photo_network:
    "Sie haben eingewilligt, dass Ihr Foto mit den Fotos unserer Models verglichen wird und dass wir berücksichtigen, mit wem Sie in Kontakt stehen. Das Model im Bild wurde über Menschen gewählt, mit denen Sie in Kontakt stehen. Kein Messwert eines Gesichts wurde aufbewahrt.",
  photo_default: "Das Bild ist das, das alle sehen: {reason}.",
  reason_unknown: "Für Sie wurde kein Foto gewählt",
  reason_no_consent:
    "Sie haben dem Gesichtsvergleich nicht zugestimmt, deshalb wurde Ihr Foto nicht geöffnet",
  reason_consent_unreadable:
    "Ihre Einwilligung in den Gesichtsvergleich ist ohne Datum vermerkt, deshalb wurde Ihr Foto nicht geöffnet",
  reason_consent_in_future:
    "Ihre Einwilligung in den Gesichtsvergleich gilt erst später, deshalb wurde Ihr Foto nicht geöffnet",
  reason_consent_expired:
    "Ihre Einwilligung in den Gesichtsvergleich ist abgelaufen, deshalb wurde Ihr Foto nicht geöffnet",
  reason_consent_withdrawn:
    "Sie haben Ihre Einwilligung in den Gesichtsvergleich widerrufen, deshalb wurde Ihr Foto nicht geöffnet",
  reason_consent_insufficient:
    "Ihre Einwilligung in den Gesichtsvergleich ist nicht so vermerkt, wie es das Recht an Ihrem Wohnort verlangt, deshalb wurde Ihr Foto nicht geöffnet",
  reason_minor: "Gesichter junger Menschen vergleichen wir nicht, deshalb wurde Ihr Foto nicht geöffnet",
  reason_age_unknown:
    "Wir kennen Ihr Alter nicht und vergleichen keine Gesichter junger Menschen, deshalb wurde Ihr Foto nicht geöffnet",
  reason_excluded_from_matching:
    "Sie gehören zu einer Gruppe, deren Gesichter wir nicht vergleichen, deshalb wurde Ihr Foto nicht geöffnet",
  reason_no_photo: "Wir haben kein Foto von Ihnen",
  reason_photo_unreadable: "Ihr Foto konnte nicht gelesen werden",
  reason_no_face: "Auf Ihrem Foto wurde kein Gesicht gefunden",
  reason_face_too_small: "Das Gesicht auf Ihrem Foto ist zu klein",
  reason_face_unclear: "Das Gesicht auf Ihrem Foto ist nicht deutlich genug",
  reason_ambiguous: "Ihr Foto zeigt mehrere Menschen",
  reason_too_dissimilar: "Kein Model ähnelt Ihnen genug",
  reason_too_similar: "Das einzige gefundene Model ähnelt Ihnen zu sehr",
  reason_no_releasable_photo: "Zu dieser Zeit und an diesem Ort darf kein Foto eines Models gezeigt werden",
  reason_drawn:
    "Ein zufälliger Teil der Kundinnen und Kunden sieht es, damit wir messen können, ob Ähnlichkeit eine Rolle spielt",
  reason_inventory_photo_unreadable: "Das gewählte Foto konnte nicht gelesen werden",
  notice_title: "Wie wir Ihr Foto verwenden: {campaign}",
  notice_controller:
    "{brand} [Name und Anschrift des Verantwortlichen; Kontakt der oder des Datenschutzbeauftragten]",
  notice_what: "Was wir tun, wenn Sie einwilligen",
  notice_matching:
    "Wir vergleichen das Gesicht auf dem Foto, das Sie uns gegeben haben, mit Fotos von Models, die uns das erlaubt haben, und zeigen Ihnen unsere Anzeige mit einem Model, dessen Gesicht Ihrem ähnelt. Dazu wandelt ein Computer Ihr Gesicht in Zahlen um (biometrische Daten) und schätzt Alter, Geschlecht, Haarfarbe und ob Sie lächeln. All das geschieht im Arbeitsspeicher, dient nur diesem einen Vergleich und wird danach vergessen: Es wird nicht gespeichert, nicht weitergegeben und nicht genutzt, um Sie zu identifizieren. Wir leiten aus Ihrem Gesicht weder Herkunft noch Gesundheit, Religion oder ein anderes Merkmal ab. Ihr eigenes Foto wird nie gezeigt.",
  notice_without:
    "Ohne Ihre Einwilligung bleibt Ihr Foto geschlossen, und Sie sehen dieselbe Anzeige mit einem anderen Bild. Sonst hängt nichts davon ab.",
  notice_holdout:
    "Ein zufälliger Anteil von {share} aller Kundinnen und Kunden sieht keine Anzeige, damit wir die Wirkung der Kampagne messen können.",
  notice_faces:
    "Von denen, für die ein ähnliches Foto gefunden wird, sieht ein zufälliger Teil ein anderes Foto, damit wir messen können, ob Ähnlichkeit eine Rolle spielt.",
  notice_network: "Anrufe und Nachrichten, wenn Sie zustimmen",
  notice_network_text:
    "Wenn Sie auch dem zustimmen, lesen wir, mit wem Sie telefonieren und schreiben, wie oft, und welche Geräte Sie und diese Personen wann gekauft haben. Was gesagt oder geschrieben wird, lesen wir nie. Wir tun das nur zwischen zwei Personen, die beide zugestimmt haben; von Anrufen und Nachrichten mit anderen bewahren wir nichts auf. Für einen ausgelosten Teil der Kunden wurde das Model in der Anzeige über Personen ausgewählt, mit denen sie in Kontakt sind. Niemand erfährt, wer das ist. Rechtsgrundlage: Ihre Einwilligung [Richtlinie 2002/58/EG, Artikel 6 Absatz 3]. Sie können diese Einwilligung jederzeit einzeln widerrufen.",
  notice_excluded: "Wer ausgenommen ist",
  notice_minimum_age: "Menschen unter {age} Jahren.",
  notice_groups: "Menschen unter {age} Jahren und die Gruppen, die unsere Regeln ausnehmen.",
  notice_ground: "Rechtsgrundlage",
  notice_consent:
    "Ihre Einwilligung [{source}]. Sie können sie jederzeit so einfach widerrufen, wie Sie sie gegeben haben: [Adresse]. Von diesem Moment an wird nicht mehr verglichen; was vorher geschah, bleibt rechtmäßig.",
  notice_retention: "Wie lange wir was aufbewahren",
  notice_rights: "Ihre Rechte",
  notice_rights_text:
    "Sie können Auskunft darüber verlangen, was wir über Sie aufbewahren, es berichtigen oder löschen lassen, es mitnehmen, der Werbung widersprechen und sich bei [Aufsichtsbehörde] beschweren. Eine Löschung entfernt Ihre Einwilligungen, die Entscheidungen und die nur für Sie erstellten Bilder; es bleibt ein Code, an dem wir erkennen, dass Sie nicht wieder aufgenommen werden dürfen.",
  notice_version: "Fassung [Fassung dieses Hinweises, wie sie bei Einwilligungen vermerkt wird]",
  table_head: "| Daten | was es ist | Aufbewahrung |",
  table_until_erased: "bis zur Löschung",
  table_permanently: "auf Dauer",
  table_days: "{days} Tage ab {start}",
  class_decisions: "welches Angebot und welches Foto Ihnen gezeigt wurde, und warum",
  from_decisions: "dem Ende des Laufs der Kampagne",
  class_creatives: "fertige Bilder, die keine Entscheidung mehr nennt",
  from_creatives: "dem Tag ihrer Erstellung",
  class_consents: "Ihre Einwilligung und ihr Widerruf",
  from_consents: "dem Tag, an dem sie endete",
  class_releases: "Fotos von Models und die Messwerte ihrer Gesichter",
  from_releases: "dem Ende der Freigabe durch das Model",
  class_audit: "ein Protokoll dessen, was geschah; es kennt Sie nur unter einem Code",
  from_audit: "dem Tag des Eintrags",
};
