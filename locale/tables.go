package locale

// The spaces between groups of digits: neither may break over a line.
const (
	hardSpace = "\u00a0"
	thinSpace = "\u202f"
)

func tables() map[string]*forms {
	two, three := []string{"one", "other"}, []string{"one", "many", "other"}
	return map[string]*forms{
		"en": {thousands: ",", decimal: ".", percent: "%", groupFrom: 4, date: "{d} {month} {y}", month: "{month} {y}", plural: onlyOne, plurals: two,
			months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
			short:  [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}},
		"ru": {thousands: hardSpace, decimal: ",", percent: hardSpace + "%", groupFrom: 4, date: "{d} {month} {y} г.", month: "{month} {y} г.", alone: russianMonths, plural: russian, plurals: []string{"one", "few", "many"},
			months: [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
			short:  [12]string{"янв.", "февр.", "март", "апр.", "май", "июнь", "июль", "авг.", "сент.", "окт.", "нояб.", "дек."}},
		"tg": {thousands: hardSpace, decimal: ",", percent: "%", groupFrom: 4, date: "{d} {month} {y}", month: "{month} {y}", plural: onlyOne, plurals: two,
			months: [12]string{"январи", "феврали", "марти", "апрели", "майи", "июни", "июли", "августи", "сентябри", "октябри", "ноябри", "декабри"},
			short:  [12]string{"янв.", "фев.", "март", "апр.", "май", "июн", "июл", "авг.", "сен.", "окт.", "ноя.", "дек."}},
		"kk": {thousands: hardSpace, decimal: ",", percent: "%", groupFrom: 4, date: "{y} ж. {d} {month}", month: "{y} ж. {month}", plural: onlyOne, plurals: two,
			months: [12]string{"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"},
			short:  [12]string{"қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел."}},
		"fr": {thousands: thinSpace, decimal: ",", percent: thinSpace + "%", groupFrom: 4, date: "{d} {month} {y}", month: "{month} {y}", first: "1er", plural: romance(0), plurals: three,
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
			short:  [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}},
		"es": {thousands: ".", decimal: ",", percent: hardSpace + "%", groupFrom: 5, date: "{d} de {month} de {y}", month: "{month} de {y}", plural: romance(1), plurals: three,
			months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
			short:  [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"}},
		"ar": {thousands: ",", decimal: ".", percent: "%", groupFrom: 4, date: "{d} {month} {y}", month: "{month} {y}", plural: arabic, plurals: []string{"zero", "one", "two", "few", "many", "other"},
			months: arabicMonths, short: arabicMonths},
	}
}

var arabicMonths = [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}

// russianMonths are the months that stand without a day: only Russian writes them in another form.
var russianMonths = &[12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}
