import type { PrivacyWords } from "./en.ts";

export const SPANISH: PrivacyWords = {
  why_title: "Por qué ve este anuncio ({campaign})",
  why_rights:
    "Puede oponerse a este tipo de publicidad, retirar su consentimiento o pedir que se borre lo que se conserva sobre usted, en cualquier momento y sin dar motivos.",
  why_models: "Elaborado por: {models}.",
  why_taken_down:
    "El anuncio se retiró: la foto que contenía fue borrada. No verá ningún anuncio hasta que se haga uno nuevo.",
  why_own_default:
    "No se le muestra ningún anuncio: la foto que ven los clientes sin un rostro parecido es su propia imagen.",
  offer_holdout:
    "No se le muestra ningún anuncio: una parte de los clientes, elegida al azar, queda fuera para poder medir el efecto de la campaña.",
  offer_explore:
    "La oferta {offer} se eligió al azar entre las que se le pueden mostrar: una parte de los clientes recibe una oferta así, para que aprendamos qué oferta es útil para quién.",
  offer_none: "No se le muestra ningún anuncio: no se esperaba que ninguna de las ofertas le fuera útil.",
  offer_single: "La oferta {offer} se eligió porque fue la que mejor resultado dio en una prueba anterior.",
  offer_personal: "La oferta {offer} se eligió a partir de lo que sabemos de su contrato y de su uso.",
  offer_lift:
    "La oferta {offer} se eligió porque los clientes que usan lo mismo que usted suelen elegirla después. Es una pauta, no una prueba de que el anuncio cambie algo.",
  offer_lift_factor:
    "La oferta {offer} se eligió porque los clientes que usan lo mismo que usted suelen elegirla después ({factor} veces la frecuencia del conjunto de los clientes). Es una pauta, no una prueba de que el anuncio cambie algo.",
  whom_all: "los clientes",
  whom_like_you: "los clientes como usted",
  effect_spent_more:
    "En una prueba anterior, {whom} a quienes se les mostró gastaron {amount} más que aquellos a quienes no se les mostró.",
  effect_spent_less:
    "En una prueba anterior, {whom} a quienes se les mostró gastaron {amount} menos que aquellos a quienes no se les mostró.",
  effect_bought_more:
    "En una prueba anterior, la proporción de compradores entre {whom} a quienes se les mostró fue {amount} puntos porcentuales mayor que entre aquellos a quienes no se les mostró.",
  effect_bought_less:
    "En una prueba anterior, la proporción de compradores entre {whom} a quienes se les mostró fue {amount} puntos porcentuales menor que entre aquellos a quienes no se les mostró.",
  photo_lookalike:
    "Usted aceptó que su foto se comparara con las fotos de nuestros modelos. La imagen muestra a un modelo cuya cara se parece a la suya{distance}. La comparación se hizo en memoria para este único anuncio; no se guardó ninguna medida de su cara. Su propia foto no se muestra a nadie.",
  photo_distance: " (distancia {distance})",
  photo_drawn:
    "Usted aceptó que su foto se comparara con las fotos de nuestros modelos. Había uno que se le parece, pero una parte de estos clientes, elegida al azar, ve otra foto, para que podamos medir si el parecido importa. La comparación se hizo en memoria para este único anuncio; no se guardó ninguna medida de su cara.",
  photo_network:
    "Usted aceptó que su foto se comparara con las fotos de nuestros modelos y que tuviéramos en cuenta con quién está en contacto. El modelo de la imagen se eligió a través de personas con las que usted está en contacto. No se guardó ninguna medida de una cara.",
  photo_default: "La imagen es la que ve todo el mundo: {reason}.",
  reason_unknown: "no se eligió ninguna foto para usted",
  reason_no_consent: "usted no ha aceptado la comparación de caras, por lo que su foto no se abrió",
  reason_consent_unreadable:
    "su consentimiento para la comparación de caras está registrado sin fecha, por lo que su foto no se abrió",
  reason_consent_in_future:
    "su consentimiento para la comparación de caras empieza más tarde, por lo que su foto no se abrió",
  reason_consent_expired:
    "su consentimiento para la comparación de caras ha terminado, por lo que su foto no se abrió",
  reason_consent_withdrawn:
    "usted retiró su consentimiento para la comparación de caras, por lo que su foto no se abrió",
  reason_consent_insufficient:
    "su consentimiento para la comparación de caras no está registrado como exige la ley del lugar donde vive, por lo que su foto no se abrió",
  reason_minor: "no comparamos las caras de personas jóvenes, por lo que su foto no se abrió",
  reason_age_unknown:
    "no conocemos su edad y no comparamos las caras de personas jóvenes, por lo que su foto no se abrió",
  reason_excluded_from_matching:
    "usted pertenece a un grupo cuyas caras no comparamos, por lo que su foto no se abrió",
  reason_no_photo: "no tenemos ninguna foto suya",
  reason_photo_unreadable: "su foto no se pudo leer",
  reason_no_face: "no se encontró ninguna cara en su foto",
  reason_face_too_small: "la cara de su foto es demasiado pequeña",
  reason_face_unclear: "la cara de su foto no es bastante nítida",
  reason_ambiguous: "su foto muestra a varias personas",
  reason_too_dissimilar: "ningún modelo se le parece lo suficiente",
  reason_too_similar: "el único modelo encontrado se le parece demasiado",
  reason_no_releasable_photo: "en este momento y lugar no se puede mostrar la foto de ningún modelo",
  reason_drawn:
    "una parte de los clientes, elegida al azar, la ve para que podamos medir si el parecido importa",
  reason_inventory_photo_unreadable: "la foto elegida no se pudo leer",
  notice_title: "Cómo usamos su foto: {campaign}",
  notice_controller:
    "{brand} [nombre y dirección del responsable del tratamiento; contacto del delegado de protección de datos]",
  notice_what: "Qué hacemos si usted acepta",
  notice_matching:
    "Comparamos la cara de la foto que usted nos dio con fotos de modelos que nos dieron permiso, y le mostramos nuestro anuncio con un modelo cuya cara se parece a la suya. Para ello, un ordenador convierte su cara en números (datos biométricos) y estima su edad, su sexo, el color de su pelo y si sonríe. Todo ello se hace en memoria, sirve solo para esta comparación y después se olvida: no se guarda, no se transmite y no se usa para identificarle. No deducimos de su cara ni origen, ni salud, ni religión, ni ningún otro rasgo. Su propia foto nunca se muestra.",
  notice_without:
    "Sin su consentimiento su foto permanece cerrada y usted ve el mismo anuncio con otra imagen. Nada más depende de ello.",
  notice_holdout:
    "Un {share} de los clientes, elegido al azar, no ve ningún anuncio, para que podamos medir el efecto de la campaña.",
  notice_faces:
    "De los clientes para los que se encuentra una foto parecida, una parte elegida al azar ve otra foto, para que podamos medir si el parecido importa.",
  notice_network: "Llamadas y mensajes, si usted lo acepta",
  notice_network_text:
    "Si usted también lo acepta, leemos con quién habla y se escribe, con qué frecuencia, y qué teléfonos compraron usted y esas personas y cuándo. Nunca leemos lo que se dice o se escribe. Lo hacemos solo entre dos personas que han aceptado; de las llamadas y los mensajes con otras personas no guardamos nada. Para una parte de los clientes, elegida por sorteo, el modelo del anuncio se eligió a través de personas con las que están en contacto. Nadie sabe quiénes son. Base jurídica: su consentimiento [Directiva 2002/58/CE, artículo 6, apartado 3]. Puede retirar solo este consentimiento en cualquier momento.",
  notice_excluded: "Quién queda fuera",
  notice_minimum_age: "Las personas menores de {age} años.",
  notice_groups: "Las personas menores de {age} años y los grupos que nuestras reglas excluyen.",
  notice_ground: "Base jurídica",
  notice_consent:
    "Su consentimiento [{source}]. Puede retirarlo en cualquier momento, tan fácilmente como lo dio: [dirección]. Desde ese momento no se hace ninguna comparación más; lo hecho antes sigue siendo lícito.",
  notice_retention: "Cuánto tiempo conservamos qué",
  notice_rights: "Sus derechos",
  notice_rights_text:
    "Puede preguntar qué conservamos sobre usted, hacerlo corregir o borrar, llevárselo, oponerse a la publicidad y reclamar ante [autoridad de control]. El borrado elimina sus consentimientos, las decisiones y las imágenes hechas solo para usted; queda un código por el que reconocemos que no debe ser incluido de nuevo.",
  notice_version: "Versión [versión de este aviso, tal como se anota con los consentimientos]",
  table_head: "| datos | qué es | conservación |",
  table_until_erased: "hasta el borrado",
  table_permanently: "de forma permanente",
  table_days: "{days} días desde {start}",
  class_decisions: "qué oferta y qué foto se le mostraron, y por qué",
  from_decisions: "el final de la ejecución de la campaña",
  class_creatives: "imágenes terminadas que ya no nombra ninguna decisión",
  from_creatives: "el día en que se hicieron",
  class_consents: "su consentimiento y su retirada",
  from_consents: "el día en que terminó",
  class_releases: "fotos de modelos y las medidas de sus caras",
  from_releases: "el final de la autorización del modelo",
  class_audit: "un registro de lo que se hizo, que solo le conoce por un código",
  from_audit: "el día de la anotación",
};
