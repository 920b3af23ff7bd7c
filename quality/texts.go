package quality

import (
	"strconv"

	"safar/locale"
)

// Words of the findings that every tool has. All but the English ones await a reading by native speakers.

// fillDetails writes a message with the details of its finding.
func fillDetails(message locale.Text, details map[string]string) locale.Text {
	filled := make(locale.Text, len(message))
	for tag, text := range message {
		filled[tag] = fillText(text, func(name string) string { return details[name] })
	}
	return filled
}

// decimals writes a number with at most so many decimals.
func decimals(v float64, places int) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	v, _ = strconv.ParseFloat(s, 64)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func itoa(n int) string { return strconv.Itoa(n) }

func brokenText() locale.Text {
	return locale.Text{
		"en": "The check {rule} could not be run on this record: {reason}. Tell the person who keeps the tool.",
		"ru": "Проверку {rule} не удалось выполнить для этой записи: {reason}. Сообщите ответственному за инструмент.",
		"tg": "Санҷиши {rule} барои ин сабт иҷро нашуд: {reason}. Ба масъули абзор хабар диҳед.",
		"kk": "{rule} тексеруін бұл жазба үшін орындау мүмкін болмады: {reason}. Құралға жауапты адамға хабарлаңыз.",
		"fr": "Le contrôle {rule} n'a pas pu être exécuté sur cet enregistrement : {reason}. Prévenez la personne chargée de l'outil.",
		"es": "La verificación {rule} no se pudo ejecutar en este registro: {reason}. Avise a la persona encargada de la herramienta.",
		"ar": "تعذّر تنفيذ الفحص {rule} على هذا السجل: {reason}. أبلغ المسؤول عن الأداة.",
	}
}

func unknownCodeText() locale.Text {
	return locale.Text{
		"en": "The code {value} is not in the list of areas. Choose the area from the list, or load the current list of areas.",
		"ru": "Кода {value} нет в списке территорий. Выберите территорию из списка или загрузите действующий список.",
		"tg": "Рамзи {value} дар рӯйхати ҳудудҳо нест. Ҳудудро аз рӯйхат интихоб кунед ё рӯйхати ҷориро бор кунед.",
		"kk": "{value} коды аумақтар тізімінде жоқ. Аумақты тізімнен таңдаңыз немесе қолданыстағы тізімді жүктеңіз.",
		"fr": "Le code {value} n'est pas dans la liste des zones. Choisissez la zone dans la liste, ou chargez la liste actuelle.",
		"es": "El código {value} no está en la lista de áreas. Elija el área de la lista o cargue la lista vigente.",
		"ar": "الرمز {value} غير موجود في قائمة المناطق. اختر المنطقة من القائمة أو حمّل القائمة الحالية.",
	}
}

func parentText() locale.Text {
	return locale.Text{
		"en": "The code {value} contradicts the more exact one, which lies in {other}. Correct one of the two.",
		"ru": "Код {value} противоречит более точному, который относится к {other}. Исправьте один из них.",
		"tg": "Рамзи {value} ба рамзи дақиқтаре, ки дар {other} аст, мухолиф аст. Яке аз онҳоро ислоҳ кунед.",
		"kk": "{value} коды {other} аумағындағы дәлірек кодқа қайшы келеді. Екеуінің бірін түзетіңіз.",
		"fr": "Le code {value} contredit le code plus précis, situé dans {other}. Corrigez l'un des deux.",
		"es": "El código {value} contradice al más preciso, que está en {other}. Corrija uno de los dos.",
		"ar": "الرمز {value} يتعارض مع الرمز الأدق الواقع في {other}. صحّح أحدهما.",
	}
}

func unknownSiteText() locale.Text {
	return locale.Text{
		"en": "The location {value} is not in the master list. Choose it from the list, or add it to the list.",
		"ru": "Места {value} нет в основном списке. Выберите его из списка или добавьте в список.",
		"tg": "Маҳали {value} дар рӯйхати асосӣ нест. Онро аз рӯйхат интихоб кунед ё ба рӯйхат илова кунед.",
		"kk": "{value} орны негізгі тізімде жоқ. Оны тізімнен таңдаңыз немесе тізімге қосыңыз.",
		"fr": "Le lieu {value} n'est pas dans la liste de référence. Choisissez-le dans la liste ou ajoutez-le.",
		"es": "El lugar {value} no está en la lista maestra. Elíjalo de la lista o agréguelo.",
		"ar": "الموقع {value} غير موجود في القائمة الرئيسية. اختره من القائمة أو أضفه إليها.",
	}
}

func unknownPointText() locale.Text {
	return locale.Text{
		"en": "The flow monitoring point {value} is not known. Choose it from the list, or add the point.",
		"ru": "Пункт мониторинга потоков {value} неизвестен. Выберите его из списка или добавьте пункт.",
		"tg": "Нуқтаи назорати ҷараёни {value} маълум нест. Онро аз рӯйхат интихоб кунед ё нуқтаро илова кунед.",
		"kk": "{value} ағынды бақылау бекеті белгісіз. Оны тізімнен таңдаңыз немесе бекетті қосыңыз.",
		"fr": "Le point de suivi des flux {value} n'est pas connu. Choisissez-le dans la liste ou ajoutez le point.",
		"es": "El punto de seguimiento de flujos {value} no se conoce. Elíjalo de la lista o agregue el punto.",
		"ar": "نقطة رصد التدفقات {value} غير معروفة. اخترها من القائمة أو أضفها.",
	}
}

func outsideText() locale.Text {
	return locale.Text{
		"en": "The position {value} lies {kilometres} km outside of {other}. Check the area that was chosen, or measure the position again.",
		"ru": "Координаты {value} лежат в {kilometres} км за пределами {other}. Проверьте выбранную территорию или измерьте координаты заново.",
		"tg": "Мавқеи {value} {kilometres} км берун аз {other} аст. Ҳудуди интихобшударо санҷед ё мавқеъро аз нав чен кунед.",
		"kk": "{value} координаттары {other} аумағынан {kilometres} км тыс жатыр. Таңдалған аумақты тексеріңіз не координаттарды қайта өлшеңіз.",
		"fr": "La position {value} se trouve à {kilometres} km hors de {other}. Vérifiez la zone choisie ou mesurez de nouveau.",
		"es": "La posición {value} está a {kilometres} km fuera de {other}. Revise el área elegida o mida de nuevo.",
		"ar": "الموضع {value} يقع خارج {other} بمسافة {kilometres} كم. تحقق من المنطقة المختارة أو أعد القياس.",
	}
}

func swappedText() locale.Text {
	return locale.Text{
		"en": "Latitude and longitude of {value} seem to be swapped: turned round, the position lies in {other}. Correct the position.",
		"ru": "Широта и долгота в {value}, видимо, переставлены: если поменять их местами, точка лежит в {other}. Исправьте координаты.",
		"tg": "Арз ва тӯли {value} гӯё иваз шудаанд: агар ҷойивазашон кунем, мавқеъ дар {other} аст. Мавқеъро ислоҳ кунед.",
		"kk": "{value} ендігі мен бойлығы ауысып кеткен сияқты: орындарын ауыстырса, нүкте {other} аумағында. Координаттарды түзетіңіз.",
		"fr": "Latitude et longitude de {value} semblent inversées : retournée, la position est dans {other}. Corrigez la position.",
		"es": "La latitud y la longitud de {value} parecen intercambiadas: al revés, la posición está en {other}. Corrija la posición.",
		"ar": "يبدو أن خط العرض وخط الطول في {value} معكوسان: بعد التبديل يقع الموضع في {other}. صحّح الموضع.",
	}
}

func zeroText() locale.Text {
	return locale.Text{
		"en": "The position is zero: the device had no signal. Measure it again or empty the answer.",
		"ru": "Координаты нулевые: у устройства не было сигнала. Измерьте заново или очистите ответ.",
		"tg": "Мавқеъ сифр аст: дастгоҳ сигнал надошт. Аз нав чен кунед ё ҷавобро холӣ кунед.",
		"kk": "Координаттар нөлге тең: құрылғыда сигнал болмаған. Қайта өлшеңіз немесе жауапты тазалаңыз.",
		"fr": "La position est nulle : l'appareil n'avait pas de signal. Mesurez de nouveau ou videz la réponse.",
		"es": "La posición es cero: el dispositivo no tenía señal. Mida de nuevo o vacíe la respuesta.",
		"ar": "الموضع صفر: لم يكن لدى الجهاز إشارة. أعد القياس أو أفرغ الإجابة.",
	}
}

func notLocatedText() locale.Text {
	return locale.Text{
		"en": "The record could not be placed in any area. Correct the area's code, the location or the position.",
		"ru": "Запись не удалось отнести ни к одной территории. Исправьте код территории, место или координаты.",
		"tg": "Сабтро ба ягон ҳудуд нисбат додан нашуд. Рамзи ҳудуд, маҳал ё мавқеъро ислоҳ кунед.",
		"kk": "Жазбаны ешбір аумаққа жатқызу мүмкін болмады. Аумақ кодын, орынды немесе координаттарды түзетіңіз.",
		"fr": "L'enregistrement n'a pu être situé dans aucune zone. Corrigez le code de la zone, le lieu ou la position.",
		"es": "El registro no se pudo ubicar en ningún área. Corrija el código del área, el lugar o la posición.",
		"ar": "تعذّر تحديد المنطقة التي ينتمي إليها السجل. صحّح رمز المنطقة أو الموقع أو الموضع.",
	}
}

func farText() locale.Text {
	return locale.Text{
		"en": "The position {value} is {kilometres} km away from the known position of the location. Check that the right location was chosen.",
		"ru": "Координаты {value} удалены на {kilometres} км от известного положения места. Проверьте, то ли место выбрано.",
		"tg": "Мавқеи {value} аз мавқеи маълуми маҳал {kilometres} км дур аст. Санҷед, ки маҳал дуруст интихоб шудааст.",
		"kk": "{value} координаттары орынның белгілі жерінен {kilometres} км қашық. Дұрыс орын таңдалғанын тексеріңіз.",
		"fr": "La position {value} est à {kilometres} km de la position connue du lieu. Vérifiez que le bon lieu a été choisi.",
		"es": "La posición {value} está a {kilometres} km de la posición conocida del lugar. Revise que se eligió el lugar correcto.",
		"ar": "الموضع {value} يبعد {kilometres} كم عن الموضع المعروف للموقع. تأكد من اختيار الموقع الصحيح.",
	}
}

func noDateText() locale.Text {
	return locale.Text{
		"en": "The record has no date, so no round holds it. Write the date of the assessment.",
		"ru": "В записи нет даты, поэтому она не относится ни к одному раунду. Укажите дату обследования.",
		"tg": "Дар сабт сана нест, бинобар ин ба ягон давр дохил намешавад. Санаи омӯзишро нависед.",
		"kk": "Жазбада күн жоқ, сондықтан ол ешбір кезеңге жатпайды. Зерттеу күнін жазыңыз.",
		"fr": "L'enregistrement n'a pas de date, donc aucun cycle ne le contient. Indiquez la date de l'évaluation.",
		"es": "El registro no tiene fecha, por lo que ninguna ronda lo contiene. Escriba la fecha de la evaluación.",
		"ar": "لا يحمل السجل تاريخًا، فلا تشمله أي جولة. اكتب تاريخ التقييم.",
	}
}

func noRoundText() locale.Text {
	return locale.Text{
		"en": "No round holds the date {value}. Correct the date, or open a round for it.",
		"ru": "Дата {value} не входит ни в один раунд. Исправьте дату или откройте для неё раунд.",
		"tg": "Санаи {value} ба ягон давр дохил намешавад. Санаро ислоҳ кунед ё барои он давр кушоед.",
		"kk": "{value} күні ешбір кезеңге кірмейді. Күнді түзетіңіз немесе оған кезең ашыңыз.",
		"fr": "Aucun cycle ne contient la date {value}. Corrigez la date ou ouvrez un cycle pour elle.",
		"es": "Ninguna ronda contiene la fecha {value}. Corrija la fecha o abra una ronda para ella.",
		"ar": "لا تشمل أي جولة التاريخ {value}. صحّح التاريخ أو افتح جولة له.",
	}
}

func outsideRoundText() locale.Text {
	return locale.Text{
		"en": "The date {value} lies more than 3 days outside of the round, {start} to {end}. Correct the date, or say why it belongs to the round.",
		"ru": "Дата {value} более чем на 3 дня выходит за пределы раунда с {start} по {end}. Исправьте дату или объясните, почему запись относится к раунду.",
		"tg": "Санаи {value} зиёда аз 3 рӯз берун аз давр аст: {start} – {end}. Санаро ислоҳ кунед ё гӯед, ки чаро ба давр мансуб аст.",
		"kk": "{value} күні кезеңнен 3 күннен артық тыс: {start} – {end}. Күнді түзетіңіз немесе неге осы кезеңге жататынын айтыңыз.",
		"fr": "La date {value} est à plus de 3 jours hors du cycle, du {start} au {end}. Corrigez la date ou dites pourquoi elle y appartient.",
		"es": "La fecha {value} está a más de 3 días fuera de la ronda, de {start} a {end}. Corrija la fecha o diga por qué pertenece a ella.",
		"ar": "التاريخ {value} خارج الجولة من {start} إلى {end} بأكثر من 3 أيام. صحّح التاريخ أو اذكر سبب انتمائه إليها.",
	}
}

func futureText() locale.Text {
	return locale.Text{
		"en": "The date {value} lies after the day the record came in, {today}. Check the clock of the device and correct the date.",
		"ru": "Дата {value} позже дня поступления записи, {today}. Проверьте часы устройства и исправьте дату.",
		"tg": "Санаи {value} баъд аз рӯзи расидани сабт, {today}, аст. Соати дастгоҳро санҷед ва санаро ислоҳ кунед.",
		"kk": "{value} күні жазба түскен күннен, {today}, кейін. Құрылғының сағатын тексеріп, күнді түзетіңіз.",
		"fr": "La date {value} est postérieure au jour de réception, {today}. Vérifiez l'horloge de l'appareil et corrigez la date.",
		"es": "La fecha {value} es posterior al día en que llegó el registro, {today}. Revise el reloj del dispositivo y corrija la fecha.",
		"ar": "التاريخ {value} بعد يوم وصول السجل {today}. تحقق من ساعة الجهاز وصحّح التاريخ.",
	}
}

func carriedText() locale.Text {
	return locale.Text{
		"en": "The values were assessed in round {from}, {rounds} rounds ago. Assess the location again, or say in the report that the numbers are old.",
		"ru": "Значения получены в раунде {from}, {rounds} раундов назад. Обследуйте место заново или укажите в отчёте, что числа старые.",
		"tg": "Қиматҳо дар даври {from}, {rounds} давр пеш, гирифта шудаанд. Маҳалро аз нав омӯзед ё дар гузориш нависед, ки рақамҳо кӯҳнаанд.",
		"kk": "Мәндер {from}-кезеңде, {rounds} кезең бұрын алынған. Орынды қайта зерттеңіз немесе есепте сандардың ескі екенін жазыңыз.",
		"fr": "Les valeurs datent du cycle {from}, il y a {rounds} cycles. Évaluez de nouveau le lieu, ou dites dans le rapport que les chiffres sont anciens.",
		"es": "Los valores son de la ronda {from}, hace {rounds} rondas. Evalúe de nuevo el lugar o diga en el informe que las cifras son antiguas.",
		"ar": "القيم من الجولة {from} قبل {rounds} جولات. أعد تقييم الموقع أو اذكر في التقرير أن الأرقام قديمة.",
	}
}

func duplicateText() locale.Text {
	return locale.Text{
		"en": "{count} more records of {unit} came in for the same round: {others}. Only the newest counts; take the others out, or correct the one that names the wrong unit.",
		"ru": "За тот же раунд поступило ещё записей о {unit}: {count} ({others}). Учитывается только новейшая; исключите остальные или исправьте ту, где указана не та единица.",
		"tg": "Барои ҳамон давр боз {count} сабти {unit} расид: {others}. Танҳо навтаринаш ҳисоб мешавад; дигаронро хориҷ кунед ё он сабтеро ислоҳ кунед, ки воҳиди нодуруст дорад.",
		"kk": "Сол кезең үшін {unit} туралы тағы {count} жазба түсті: {others}. Тек ең жаңасы есептеледі; қалғандарын алып тастаңыз не қате көрсетілгенін түзетіңіз.",
		"fr": "{count} autres enregistrements de {unit} sont arrivés pour le même cycle : {others}. Seul le plus récent compte ; retirez les autres ou corrigez celui qui nomme la mauvaise unité.",
		"es": "Llegaron {count} registros más de {unit} para la misma ronda: {others}. Solo cuenta el más reciente; retire los otros o corrija el que nombra la unidad equivocada.",
		"ar": "وصلت {count} سجلات أخرى عن {unit} للجولة نفسها: {others}. لا يُحتسب إلا الأحدث؛ استبعد البقية أو صحّح السجل الذي يذكر وحدة خاطئة.",
	}
}
