import type { PrivacyWords } from "./en.ts";

export const DUTCH: PrivacyWords = {
  why_title: "Waarom u deze advertentie ziet ({campaign})",
  why_rights:
    "U kunt op elk moment en zonder opgave van redenen bezwaar maken tegen dit soort reclame, uw toestemming intrekken of vragen om te wissen wat over u wordt bewaard.",
  why_models: "Gemaakt door: {models}.",
  why_taken_down:
    "De advertentie is ingetrokken: de foto erin is gewist. U ziet geen advertentie totdat er een nieuwe is gemaakt.",
  why_own_default:
    "U ziet geen advertentie: de foto die klanten zonder gelijkend gezicht zien, is uw eigen foto.",
  offer_holdout:
    "U ziet geen advertentie: een willekeurig deel van alle klanten wordt overgeslagen, zodat het effect van de campagne kan worden gemeten.",
  offer_explore:
    "Het aanbod {offer} is willekeurig gekozen uit de aanbiedingen die voor u mogelijk zijn: een deel van alle klanten krijgt zo'n aanbod, zodat wij leren welk aanbod voor wie nuttig is.",
  offer_none: "U ziet geen advertentie: van geen van de aanbiedingen werd verwacht dat u er iets aan had.",
  offer_single: "Het aanbod {offer} is gekozen omdat het in een eerdere test het beste resultaat gaf.",
  offer_personal: "Het aanbod {offer} is gekozen op grond van wat wij over uw contract en gebruik weten.",
  offer_lift:
    "Het aanbod {offer} is gekozen omdat klanten die hetzelfde gebruiken als u het vaak als volgende kiezen. Dat is een patroon en geen bewijs dat de advertentie iets verandert.",
  offer_lift_factor:
    "Het aanbod {offer} is gekozen omdat klanten die hetzelfde gebruiken als u het vaak als volgende kiezen ({factor} keer zo vaak als alle klanten samen). Dat is een patroon en geen bewijs dat de advertentie iets verandert.",
  whom_all: "klanten",
  whom_like_you: "klanten zoals u",
  effect_spent_more:
    "In een eerdere test gaven {whom} die het te zien kregen {amount} meer uit dan klanten die het niet zagen.",
  effect_spent_less:
    "In een eerdere test gaven {whom} die het te zien kregen {amount} minder uit dan klanten die het niet zagen.",
  effect_bought_more:
    "In een eerdere test kochten {whom} die het te zien kregen {amount} procentpunt vaker dan klanten die het niet zagen.",
  effect_bought_less:
    "In een eerdere test kochten {whom} die het te zien kregen {amount} procentpunt minder vaak dan klanten die het niet zagen.",
  photo_lookalike:
    "U hebt toegestaan dat uw foto wordt vergeleken met de foto's van onze modellen. De foto toont een model van wie het gezicht op het uwe lijkt{distance}. De vergelijking is voor deze ene advertentie in het geheugen gemaakt; er is geen meting van uw gezicht bewaard. Uw eigen foto wordt aan niemand getoond.",
  photo_distance: " (afstand {distance})",
  photo_drawn:
    "U hebt toegestaan dat uw foto wordt vergeleken met de foto's van onze modellen. Er was er een die op u lijkt, maar een willekeurig deel van deze klanten ziet een andere foto, zodat wij kunnen meten of gelijkenis uitmaakt. De vergelijking is voor deze ene advertentie in het geheugen gemaakt; er is geen meting van uw gezicht bewaard.",
  photo_network:
    "U hebt toegestaan dat uw foto wordt vergeleken met de foto's van onze modellen en dat wij bekijken met wie u contact hebt. Het model op de foto is gekozen via mensen met wie u contact hebt. Er is geen meting van een gezicht bewaard.",
  photo_default: "De foto is die welke iedereen ziet: {reason}.",
  reason_unknown: "er is geen foto voor u gekozen",
  reason_no_consent: "u hebt niet ingestemd met gezichtsvergelijking, daarom is uw foto niet geopend",
  reason_consent_unreadable:
    "uw toestemming voor gezichtsvergelijking is zonder datum vastgelegd, daarom is uw foto niet geopend",
  reason_consent_in_future:
    "uw toestemming voor gezichtsvergelijking gaat later in, daarom is uw foto niet geopend",
  reason_consent_expired:
    "uw toestemming voor gezichtsvergelijking is verlopen, daarom is uw foto niet geopend",
  reason_consent_withdrawn:
    "u hebt uw toestemming voor gezichtsvergelijking ingetrokken, daarom is uw foto niet geopend",
  reason_consent_insufficient:
    "uw toestemming voor gezichtsvergelijking is niet vastgelegd zoals de wet waar u woont vereist, daarom is uw foto niet geopend",
  reason_minor: "wij vergelijken geen gezichten van jonge mensen, daarom is uw foto niet geopend",
  reason_age_unknown:
    "wij kennen uw leeftijd niet en vergelijken geen gezichten van jonge mensen, daarom is uw foto niet geopend",
  reason_excluded_from_matching:
    "u hoort bij een groep van wie wij de gezichten niet vergelijken, daarom is uw foto niet geopend",
  reason_no_photo: "wij hebben geen foto van u",
  reason_photo_unreadable: "uw foto kon niet worden gelezen",
  reason_no_face: "op uw foto is geen gezicht gevonden",
  reason_face_too_small: "het gezicht op uw foto is te klein",
  reason_face_unclear: "het gezicht op uw foto is niet duidelijk genoeg",
  reason_ambiguous: "uw foto toont meerdere mensen",
  reason_too_dissimilar: "geen model lijkt genoeg op u",
  reason_too_similar: "het enige gevonden model lijkt te veel op u",
  reason_no_releasable_photo: "op dit moment en deze plaats mag geen foto van een model worden getoond",
  reason_drawn:
    "een willekeurig deel van de klanten ziet deze foto, zodat wij kunnen meten of gelijkenis uitmaakt",
  reason_inventory_photo_unreadable: "de gekozen foto kon niet worden gelezen",
  notice_title: "Hoe wij uw foto gebruiken: {campaign}",
  notice_controller:
    "{brand} [naam en adres van de verwerkingsverantwoordelijke; contact van de functionaris voor gegevensbescherming]",
  notice_what: "Wat wij doen als u instemt",
  notice_matching:
    "Wij vergelijken het gezicht op de foto die u ons gaf met foto's van modellen die ons dat hebben toegestaan, en tonen u onze advertentie met een model van wie het gezicht op het uwe lijkt. Daarvoor zet een computer uw gezicht om in getallen (biometrische gegevens) en schat uw leeftijd, geslacht, haarkleur en of u lacht. Dit alles gebeurt in het geheugen, dient alleen voor deze ene vergelijking en wordt daarna vergeten: het wordt niet opgeslagen, niet doorgegeven en niet gebruikt om u te identificeren. Wij leiden uit uw gezicht geen afkomst, gezondheid, religie of ander kenmerk af. Uw eigen foto wordt nooit getoond.",
  notice_without:
    "Zonder uw toestemming blijft uw foto gesloten en ziet u dezelfde advertentie met een andere foto. Verder hangt er niets van af.",
  notice_holdout:
    "Een willekeurig deel van {share} van alle klanten ziet geen advertentie, zodat wij het effect van de campagne kunnen meten.",
  notice_faces:
    "Van de klanten voor wie een gelijkende foto wordt gevonden, ziet een willekeurig deel een andere foto, zodat wij kunnen meten of gelijkenis uitmaakt.",
  notice_network: "Gesprekken en berichten, als u dat goedvindt",
  notice_network_text:
    "Als u ook dit goedvindt, lezen wij met wie u belt en schrijft, hoe vaak, en welke toestellen u en deze mensen wanneer hebben gekocht. Wat er gezegd of geschreven wordt, lezen wij nooit. Wij doen dit alleen tussen twee mensen die beiden toestemming gaven; van gesprekken en berichten met anderen bewaren wij niets. Voor een deel van de klanten, door loting bepaald, is het model in de advertentie gekozen via mensen met wie zij contact hebben. Niemand hoort wie dat zijn. Rechtsgrond: uw toestemming [Richtlijn 2002/58/EG, artikel 6, lid 3]. U kunt deze toestemming op elk moment apart intrekken.",
  notice_excluded: "Wie wordt overgeslagen",
  notice_minimum_age: "Mensen jonger dan {age} jaar.",
  notice_groups: "Mensen jonger dan {age} jaar en de groepen die onze regels uitsluiten.",
  notice_ground: "Rechtsgrond",
  notice_consent:
    "Uw toestemming [{source}]. U kunt die op elk moment even gemakkelijk intrekken als u haar gaf: [adres]. Vanaf dat moment wordt niet meer vergeleken; wat daarvoor gebeurde, blijft rechtmatig.",
  notice_retention: "Hoe lang wij wat bewaren",
  notice_rights: "Uw rechten",
  notice_rights_text:
    "U kunt vragen wat wij over u bewaren, het laten corrigeren of wissen, het meenemen, bezwaar maken tegen reclame en een klacht indienen bij [toezichthoudende autoriteit]. Wissen verwijdert uw toestemmingen, beslissingen en de beelden die alleen voor u zijn gemaakt; er blijft een code waaraan wij herkennen dat u niet opnieuw mag worden opgenomen.",
  notice_version: "Versie [versie van deze verklaring, zoals bij toestemmingen vastgelegd]",
  table_head: "| gegevens | wat het is | bewaard |",
  table_until_erased: "tot het wissen",
  table_permanently: "blijvend",
  table_days: "{days} dagen vanaf {start}",
  class_decisions: "welk aanbod en welke foto u te zien kreeg, en waarom",
  from_decisions: "het einde van de campagnerun",
  class_creatives: "voltooide beelden die door geen beslissing meer worden genoemd",
  from_creatives: "de dag waarop ze zijn gemaakt",
  class_consents: "uw toestemming en de intrekking ervan",
  from_consents: "de dag waarop zij eindigde",
  class_releases: "foto's van modellen en de metingen van hun gezichten",
  from_releases: "het einde van de vrijgave door het model",
  class_audit: "een logboek van wat is gedaan, dat u alleen met een code kent",
  from_audit: "de dag van de regel",
};
