import type { PrivacyWords } from "./en.ts";

export const FRENCH: PrivacyWords = {
  why_title: "Pourquoi vous voyez cette annonce ({campaign})",
  why_rights:
    "Vous pouvez à tout moment et sans donner de raison vous opposer à cette publicité, retirer votre consentement ou demander l'effacement de ce qui est conservé à votre sujet.",
  why_models: "Réalisé par : {models}.",
  why_taken_down:
    "L'annonce a été retirée : la photo qu'elle contenait a été effacée. Vous ne verrez pas d'annonce avant qu'une nouvelle soit réalisée.",
  why_own_default:
    "Aucune annonce ne vous est montrée : la photo que voient les clients sans visage ressemblant est votre propre image.",
  offer_holdout:
    "Aucune annonce ne vous est montrée : une part des clients, tirée au hasard, est laissée de côté pour mesurer l'effet de la campagne.",
  offer_explore:
    "L'offre {offer} a été tirée au hasard parmi celles qui peuvent vous être montrées : une part des clients reçoit une telle offre, afin que nous sachions quelle offre est utile à qui.",
  offer_none: "Aucune annonce ne vous est montrée : aucune des offres ne semblait devoir vous être utile.",
  offer_single:
    "L'offre {offer} a été choisie parce qu'elle a donné le meilleur résultat lors d'un essai antérieur.",
  offer_personal:
    "L'offre {offer} a été choisie d'après ce que nous savons de votre contrat et de votre utilisation.",
  offer_lift:
    "L'offre {offer} a été choisie parce que les clients qui utilisent la même chose que vous la choisissent souvent ensuite. C'est une tendance, et non la preuve que l'annonce change quelque chose.",
  offer_lift_factor:
    "L'offre {offer} a été choisie parce que les clients qui utilisent la même chose que vous la choisissent souvent ensuite ({factor} fois aussi souvent que l'ensemble des clients). C'est une tendance, et non la preuve que l'annonce change quelque chose.",
  whom_all: "les clients",
  whom_like_you: "les clients comme vous",
  effect_spent_more:
    "Lors d'un essai antérieur, {whom} à qui elle a été montrée ont dépensé {amount} de plus que ceux à qui elle ne l'a pas été.",
  effect_spent_less:
    "Lors d'un essai antérieur, {whom} à qui elle a été montrée ont dépensé {amount} de moins que ceux à qui elle ne l'a pas été.",
  effect_bought_more:
    "Lors d'un essai antérieur, la part d'acheteurs parmi {whom} à qui elle a été montrée était de {amount} points plus élevée que parmi ceux à qui elle ne l'a pas été.",
  effect_bought_less:
    "Lors d'un essai antérieur, la part d'acheteurs parmi {whom} à qui elle a été montrée était de {amount} points plus faible que parmi ceux à qui elle ne l'a pas été.",
  photo_lookalike:
    "Vous avez accepté que votre photo soit comparée aux photos de nos modèles. L'image montre un modèle dont le visage ressemble au vôtre{distance}. La comparaison a été faite en mémoire pour cette seule annonce ; aucune mesure de votre visage n'a été conservée. Votre propre photo n'est montrée à personne.",
  photo_distance: " (distance {distance})",
  photo_drawn:
    "Vous avez accepté que votre photo soit comparée aux photos de nos modèles. L'un d'eux vous ressemble, mais une part de ces clients, tirée au hasard, voit une autre photo, afin que nous puissions mesurer si la ressemblance compte. La comparaison a été faite en mémoire pour cette seule annonce ; aucune mesure de votre visage n'a été conservée.",
  photo_network:
    "Vous avez accepté que votre photo soit comparée aux photos de nos modèles et que nous tenions compte des personnes avec qui vous êtes en contact. Le modèle de l'image a été choisi par l'intermédiaire de personnes avec qui vous êtes en contact. Aucune mesure d'un visage n'a été conservée.",
  photo_default: "L'image est celle que tout le monde voit : {reason}.",
  reason_unknown: "aucune photo n'a été choisie pour vous",
  reason_no_consent:
    "vous n'avez pas accepté la comparaison des visages, votre photo n'a donc pas été ouverte",
  reason_consent_unreadable:
    "votre consentement à la comparaison des visages est enregistré sans date, votre photo n'a donc pas été ouverte",
  reason_consent_in_future:
    "votre consentement à la comparaison des visages commence plus tard, votre photo n'a donc pas été ouverte",
  reason_consent_expired:
    "votre consentement à la comparaison des visages a pris fin, votre photo n'a donc pas été ouverte",
  reason_consent_withdrawn:
    "vous avez retiré votre consentement à la comparaison des visages, votre photo n'a donc pas été ouverte",
  reason_consent_insufficient:
    "votre consentement à la comparaison des visages n'est pas enregistré comme l'exige la loi de votre lieu de résidence, votre photo n'a donc pas été ouverte",
  reason_minor: "nous ne comparons pas les visages des jeunes, votre photo n'a donc pas été ouverte",
  reason_age_unknown:
    "nous ne connaissons pas votre âge et ne comparons pas les visages des jeunes, votre photo n'a donc pas été ouverte",
  reason_excluded_from_matching:
    "vous appartenez à un groupe dont nous ne comparons pas les visages, votre photo n'a donc pas été ouverte",
  reason_no_photo: "nous n'avons pas de photo de vous",
  reason_photo_unreadable: "votre photo n'a pas pu être lue",
  reason_no_face: "aucun visage n'a été trouvé sur votre photo",
  reason_face_too_small: "le visage sur votre photo est trop petit",
  reason_face_unclear: "le visage sur votre photo n'est pas assez net",
  reason_ambiguous: "votre photo montre plusieurs personnes",
  reason_too_dissimilar: "aucun modèle ne vous ressemble assez",
  reason_too_similar: "le seul modèle trouvé vous ressemble trop",
  reason_no_releasable_photo: "aucune photo de modèle ne peut être montrée à ce moment et en ce lieu",
  reason_drawn:
    "une part des clients, tirée au hasard, la voit afin que nous puissions mesurer si la ressemblance compte",
  reason_inventory_photo_unreadable: "la photo choisie n'a pas pu être lue",
  notice_title: "Comment nous utilisons votre photo : {campaign}",
  notice_controller:
    "{brand} [nom et adresse du responsable du traitement ; contact du délégué à la protection des données]",
  notice_what: "Ce que nous faisons si vous acceptez",
  notice_matching:
    "Nous comparons le visage de la photo que vous nous avez donnée aux photos de modèles qui nous l'ont permis, et nous vous montrons notre annonce avec un modèle dont le visage ressemble au vôtre. Pour cela, un ordinateur transforme votre visage en nombres (données biométriques) et estime votre âge, votre sexe, la couleur de vos cheveux et si vous souriez. Tout cela est fait en mémoire, sert à cette seule comparaison, puis est oublié : rien n'est conservé, ni transmis, ni utilisé pour vous identifier. Nous ne déduisons de votre visage ni origine, ni santé, ni religion, ni aucun autre trait. Votre propre photo n'est jamais montrée.",
  notice_without:
    "Sans votre consentement, votre photo reste fermée et vous voyez la même annonce avec une autre image. Rien d'autre n'en dépend.",
  notice_holdout:
    "Une part de {share} des clients, tirée au hasard, ne voit pas d'annonce, afin que nous puissions mesurer l'effet de la campagne.",
  notice_faces:
    "Parmi les clients pour qui une photo ressemblante est trouvée, une part tirée au hasard voit une autre photo, afin que nous puissions mesurer si la ressemblance compte.",
  notice_network: "Appels et messages, si vous êtes d’accord",
  notice_network_text:
    "Si vous l’acceptez également, nous lisons avec qui vous téléphonez et écrivez, à quelle fréquence, et quels téléphones vous et ces personnes avez achetés et quand. Nous ne lisons jamais ce qui est dit ou écrit. Nous le faisons uniquement entre deux personnes qui ont toutes deux accepté ; des appels et messages avec d’autres personnes, nous ne gardons rien. Pour une partie des clients, tirée au sort, le modèle de l’annonce a été choisi par l’intermédiaire de personnes avec qui ils sont en contact. Personne n’apprend qui elles sont. Base juridique : votre consentement [directive 2002/58/CE, article 6, paragraphe 3]. Vous pouvez retirer ce seul consentement à tout moment.",
  notice_excluded: "Qui est laissé de côté",
  notice_minimum_age: "Les personnes de moins de {age} ans.",
  notice_groups: "Les personnes de moins de {age} ans, et les groupes que nos règles excluent.",
  notice_ground: "Base juridique",
  notice_consent:
    "Votre consentement [{source}]. Vous pouvez le retirer à tout moment, aussi simplement que vous l'avez donné : [adresse]. À partir de ce moment, aucune comparaison n'est plus faite ; ce qui a été fait avant reste licite.",
  notice_retention: "Combien de temps nous conservons quoi",
  notice_rights: "Vos droits",
  notice_rights_text:
    "Vous pouvez demander ce que nous conservons à votre sujet, le faire rectifier ou effacer, l'emporter, vous opposer à la publicité et introduire une réclamation auprès de [autorité de contrôle]. L'effacement supprime vos consentements, les décisions et les images faites pour vous seul ; il reste un code auquel nous reconnaissons que vous ne devez plus être inclus.",
  notice_version: "Version [version de cette notice, telle qu'elle est notée avec les consentements]",
  table_head: "| données | ce que c'est | conservation |",
  table_until_erased: "jusqu'à l'effacement",
  table_permanently: "sans limite de durée",
  table_days: "{days} jours à partir de {start}",
  class_decisions: "quelle offre et quelle photo vous ont été montrées, et pourquoi",
  from_decisions: "la fin de l'exécution de la campagne",
  class_creatives: "les images finies qu'aucune décision ne nomme plus",
  from_creatives: "leur réalisation",
  class_consents: "votre consentement et son retrait",
  from_consents: "sa fin",
  class_releases: "les photos de modèles et les mesures de leurs visages",
  from_releases: "la fin de l'autorisation du modèle",
  class_audit: "un journal de ce qui a été fait, qui ne vous connaît que par un code",
  from_audit: "l'inscription",
};
