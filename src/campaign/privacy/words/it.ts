import type { PrivacyWords } from "./en.ts";

export const ITALIAN: PrivacyWords = {
  why_title: "Perché vede questo annuncio ({campaign})",
  why_rights:
    "Può opporsi a questo tipo di pubblicità, ritirare il consenso o chiedere la cancellazione di ciò che è conservato su di Lei, in qualsiasi momento e senza darne motivo.",
  why_models: "Realizzato da: {models}.",
  why_taken_down:
    "L'annuncio è stato ritirato: la foto che conteneva è stata cancellata. Non vedrà annunci finché non ne sarà fatto uno nuovo.",
  why_own_default:
    "Non Le viene mostrato alcun annuncio: la foto che vedono i clienti senza un volto somigliante è la Sua stessa immagine.",
  offer_holdout:
    "Non Le viene mostrato alcun annuncio: una parte dei clienti, scelta a caso, resta esclusa per poter misurare l'effetto della campagna.",
  offer_explore:
    "L'offerta {offer} è stata scelta a caso tra quelle che Le possono essere mostrate: una parte dei clienti riceve un'offerta simile, perché impariamo quale offerta è utile a chi.",
  offer_none:
    "Non Le viene mostrato alcun annuncio: da nessuna delle offerte ci si aspettava un'utilità per Lei.",
  offer_single:
    "L'offerta {offer} è stata scelta perché ha dato il risultato migliore in una prova precedente.",
  offer_personal:
    "L'offerta {offer} è stata scelta in base a ciò che sappiamo del Suo contratto e del Suo utilizzo.",
  offer_lift:
    "L'offerta {offer} è stata scelta perché i clienti che usano ciò che usa Lei spesso la scelgono dopo. È una tendenza, non la prova che l'annuncio cambi qualcosa.",
  offer_lift_factor:
    "L'offerta {offer} è stata scelta perché i clienti che usano ciò che usa Lei spesso la scelgono dopo ({factor} volte la frequenza di tutti i clienti). È una tendenza, non la prova che l'annuncio cambi qualcosa.",
  whom_all: "i clienti",
  whom_like_you: "i clienti come Lei",
  effect_spent_more:
    "In una prova precedente, {whom} a cui è stata mostrata hanno speso {amount} in più di quelli a cui non lo è stata.",
  effect_spent_less:
    "In una prova precedente, {whom} a cui è stata mostrata hanno speso {amount} in meno di quelli a cui non lo è stata.",
  effect_bought_more:
    "In una prova precedente, la quota di acquirenti tra {whom} a cui è stata mostrata era di {amount} punti percentuali più alta che tra quelli a cui non lo è stata.",
  effect_bought_less:
    "In una prova precedente, la quota di acquirenti tra {whom} a cui è stata mostrata era di {amount} punti percentuali più bassa che tra quelli a cui non lo è stata.",
  photo_lookalike:
    "Lei ha accettato che la Sua foto sia confrontata con le foto dei nostri modelli. L'immagine mostra un modello il cui volto somiglia al Suo{distance}. Il confronto è stato fatto in memoria per questo solo annuncio; nessuna misura del Suo volto è stata conservata. La Sua foto non viene mostrata a nessuno.",
  photo_distance: " (distanza {distance})",
  photo_drawn:
    "Lei ha accettato che la Sua foto sia confrontata con le foto dei nostri modelli. Ce n'era uno che Le somiglia, ma una parte di questi clienti, scelta a caso, vede un'altra foto, perché possiamo misurare se la somiglianza conta. Il confronto è stato fatto in memoria per questo solo annuncio; nessuna misura del Suo volto è stata conservata.",
  photo_network:
    "Lei ha accettato che la Sua foto sia confrontata con le foto dei nostri modelli e che teniamo conto delle persone con cui è in contatto. Il modello nell'immagine è stato scelto tramite persone con cui Lei è in contatto. Nessuna misura di un volto è stata conservata.",
  photo_default: "L'immagine è quella che vedono tutti: {reason}.",
  reason_unknown: "nessuna foto è stata scelta per Lei",
  reason_no_consent: "Lei non ha accettato il confronto dei volti, perciò la Sua foto non è stata aperta",
  reason_consent_unreadable:
    "il Suo consenso al confronto dei volti è registrato senza data, perciò la Sua foto non è stata aperta",
  reason_consent_in_future:
    "il Suo consenso al confronto dei volti inizia più tardi, perciò la Sua foto non è stata aperta",
  reason_consent_expired:
    "il Suo consenso al confronto dei volti è terminato, perciò la Sua foto non è stata aperta",
  reason_consent_withdrawn:
    "Lei ha ritirato il consenso al confronto dei volti, perciò la Sua foto non è stata aperta",
  reason_consent_insufficient:
    "il Suo consenso al confronto dei volti non è registrato come richiede la legge del luogo in cui vive, perciò la Sua foto non è stata aperta",
  reason_minor: "non confrontiamo i volti di persone giovani, perciò la Sua foto non è stata aperta",
  reason_age_unknown:
    "non conosciamo la Sua età e non confrontiamo i volti di persone giovani, perciò la Sua foto non è stata aperta",
  reason_excluded_from_matching:
    "Lei appartiene a un gruppo di cui non confrontiamo i volti, perciò la Sua foto non è stata aperta",
  reason_no_photo: "non abbiamo una Sua foto",
  reason_photo_unreadable: "non è stato possibile leggere la Sua foto",
  reason_no_face: "nella Sua foto non è stato trovato alcun volto",
  reason_face_too_small: "il volto nella Sua foto è troppo piccolo",
  reason_face_unclear: "il volto nella Sua foto non è abbastanza nitido",
  reason_ambiguous: "la Sua foto mostra più persone",
  reason_too_dissimilar: "nessun modello Le somiglia abbastanza",
  reason_too_similar: "l'unico modello trovato Le somiglia troppo",
  reason_no_releasable_photo:
    "in questo momento e in questo luogo non può essere mostrata la foto di alcun modello",
  reason_drawn:
    "una parte dei clienti, scelta a caso, la vede perché possiamo misurare se la somiglianza conta",
  reason_inventory_photo_unreadable: "non è stato possibile leggere la foto scelta",
  notice_title: "Come usiamo la Sua foto: {campaign}",
  notice_controller:
    "{brand} [nome e indirizzo del titolare del trattamento; contatto del responsabile della protezione dei dati]",
  notice_what: "Che cosa facciamo, se Lei accetta",
  notice_matching:
    "Confrontiamo il volto della foto che ci ha dato con foto di modelli che ce lo hanno permesso, e Le mostriamo il nostro annuncio con un modello il cui volto somiglia al Suo. A questo scopo un computer trasforma il Suo volto in numeri (dati biometrici) e stima età, sesso, colore dei capelli e se sorride. Tutto ciò avviene in memoria, serve a questo solo confronto e poi viene dimenticato: non viene conservato, né trasmesso, né usato per identificarLa. Dal Suo volto non deduciamo né origine, né salute, né religione, né alcun altro tratto. La Sua foto non viene mai mostrata.",
  notice_without:
    "Senza il Suo consenso la foto resta chiusa e Lei vede lo stesso annuncio con un'altra immagine. Nient'altro ne dipende.",
  notice_holdout:
    "Una quota del {share} di tutti i clienti, scelta a caso, non vede alcun annuncio, perché possiamo misurare l'effetto della campagna.",
  notice_faces:
    "Tra i clienti per i quali si trova una foto somigliante, una parte scelta a caso vede un'altra foto, perché possiamo misurare se la somiglianza conta.",
  notice_network: "Chiamate e messaggi, se lei è d’accordo",
  notice_network_text:
    "Se accetta anche questo, leggiamo con chi telefona e scrive, quanto spesso, e quali telefoni lei e queste persone hanno acquistato e quando. Non leggiamo mai ciò che viene detto o scritto. Lo facciamo solo tra due persone che hanno entrambe accettato; delle chiamate e dei messaggi con altri non conserviamo nulla. Per una parte dei clienti, estratta a sorte, il modello dell’annuncio è stato scelto tramite persone con cui sono in contatto. Nessuno viene a sapere chi sono. Base giuridica: il suo consenso [direttiva 2002/58/CE, articolo 6, paragrafo 3]. Può revocare solo questo consenso in qualsiasi momento.",
  notice_excluded: "Chi è escluso",
  notice_minimum_age: "Le persone con meno di {age} anni.",
  notice_groups: "Le persone con meno di {age} anni e i gruppi che le nostre regole escludono.",
  notice_ground: "Base giuridica",
  notice_consent:
    "Il Suo consenso [{source}]. Può ritirarlo in qualsiasi momento, con la stessa facilità con cui l'ha dato: [indirizzo]. Da quel momento non viene fatto più alcun confronto; ciò che è stato fatto prima resta lecito.",
  notice_retention: "Per quanto tempo conserviamo che cosa",
  notice_rights: "I Suoi diritti",
  notice_rights_text:
    "Può chiedere che cosa conserviamo su di Lei, farlo correggere o cancellare, portarlo con sé, opporsi alla pubblicità e presentare reclamo a [autorità di controllo]. La cancellazione rimuove i Suoi consensi, le decisioni e le immagini fatte solo per Lei; resta un codice da cui riconosciamo che non deve più essere incluso.",
  notice_version: "Versione [versione di questa informativa, come annotata nei consensi]",
  table_head: "| dati | che cosa sono | conservazione |",
  table_until_erased: "fino alla cancellazione",
  table_permanently: "a tempo indeterminato",
  table_days: "{days} giorni da: {start}",
  class_decisions: "quale offerta e quale foto Le sono state mostrate, e perché",
  from_decisions: "fine dell'esecuzione della campagna",
  class_creatives: "immagini finite che nessuna decisione nomina più",
  from_creatives: "giorno in cui sono state fatte",
  class_consents: "il Suo consenso e il suo ritiro",
  from_consents: "giorno in cui è terminato",
  class_releases: "foto di modelli e le misure dei loro volti",
  from_releases: "fine dell'autorizzazione del modello",
  class_audit: "un registro di ciò che è stato fatto, che La conosce solo con un codice",
  from_audit: "giorno della registrazione",
};
