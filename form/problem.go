package form

import (
	"safar/form/xpath"
	"safar/locale"
)

// ProblemKind tells apart what can be wrong with an answer.
type ProblemKind string

// The kinds of problems.
const (
	ProblemRelevance   ProblemKind = "relevance"   // answered although the question does not apply
	ProblemConstraint  ProblemKind = "constraint"  // the rule of the question does not hold
	ProblemRequired    ProblemKind = "required"    // a required answer is missing
	ProblemType        ProblemKind = "type"        // the text is no value of the question's type
	ProblemChoice      ProblemKind = "choice"      // the answer is none of the choices, or none that is offered here
	ProblemCalculation ProblemKind = "calculation" // the stored result differs from the calculation
	ProblemUnknown     ProblemKind = "unknown"     // the form has no such element
)

// Problem is one thing found in the answers. Nothing is dropped for a problem: the answer stays as it came.
type Problem struct {
	Path    string      `json:"path"`              // where, with positions: "/data/member[2]/age"
	Element string      `json:"element,omitempty"` // name of the form's element; of the node for unknown ones
	Kind    ProblemKind `json:"kind"`
	Message locale.Text `json:"message"`
	Value   string      `json:"value,omitempty"` // the answer as it stands, cut to 200 characters
}

func problem(n *xpath.Node, kind ProblemKind, message locale.Text) Problem {
	value := []rune(n.StringValue())
	if len(value) > 200 {
		value = append(value[:199], '…')
	}
	return Problem{Path: n.Path(), Element: n.Name, Kind: kind, Message: message, Value: string(value)}
}

// Messages of problems in the languages of Safar. Those in Tajik and Kazakh await review by native speakers.

func relevanceText() locale.Text {
	return locale.Text{
		"en": "There is an answer, although the question does not apply.",
		"ru": "Ответ есть, хотя вопрос здесь не задаётся.",
		"tg": "Ҷавоб ҳаст, гарчанде ки савол дар ин ҷо дода намешавад.",
		"kk": "Сұрақ бұл жерде қойылмаса да, жауап бар.",
	}
}

func constraintText() locale.Text {
	return locale.Text{
		"en": "The answer breaks the rule of the question.",
		"ru": "Ответ нарушает условие вопроса.",
		"tg": "Ҷавоб шарти саволро вайрон мекунад.",
		"kk": "Жауап сұрақтың шартын бұзады.",
	}
}

func requiredText() locale.Text {
	return locale.Text{
		"en": "A required answer is missing.",
		"ru": "Нет обязательного ответа.",
		"tg": "Ҷавоби ҳатмӣ нест.",
		"kk": "Міндетті жауап жоқ.",
	}
}

func choiceText() locale.Text {
	return locale.Text{
		"en": "The answer is none of the choices.",
		"ru": "Такого варианта ответа нет.",
		"tg": "Чунин варианти ҷавоб нест.",
		"kk": "Мұндай жауап нұсқасы жоқ.",
	}
}

func filteredText() locale.Text {
	return locale.Text{
		"en": "The choice is not offered with the other answers given.",
		"ru": "Этот вариант не предлагается при остальных ответах.",
		"tg": "Бо ҷавобҳои дигар ин вариант пешниҳод намешавад.",
		"kk": "Басқа жауаптармен бірге бұл нұсқа ұсынылмайды.",
	}
}

func calculationText(expected string) locale.Text {
	return locale.Text{
		"en": "The calculation gives " + expected + ".",
		"ru": "Расчёт даёт " + expected + ".",
		"tg": "Ҳисоб " + expected + " медиҳад.",
		"kk": "Есептеу нәтижесі: " + expected + ".",
	}
}

func unknownText() locale.Text {
	return locale.Text{
		"en": "The form has no such question.",
		"ru": "В анкете нет такого вопроса.",
		"tg": "Дар саволнома чунин савол нест.",
		"kk": "Сауалнамада мұндай сұрақ жоқ.",
	}
}

func failedText(reason string) locale.Text {
	return locale.Text{
		"en": "The rule could not be evaluated: " + reason,
		"ru": "Правило не удалось проверить: " + reason,
		"tg": "Қоида санҷида нашуд: " + reason,
		"kk": "Ережені тексеру мүмкін болмады: " + reason,
	}
}

// typeText says what a value of the data type looks like.
func typeText(data string) locale.Text {
	switch data {
	case "int":
		return locale.Text{"en": "This is not a whole number.", "ru": "Это не целое число.", "tg": "Ин адади бутун нест.", "kk": "Бұл бүтін сан емес."}
	case "decimal":
		return locale.Text{"en": "This is not a number.", "ru": "Это не число.", "tg": "Ин адад нест.", "kk": "Бұл сан емес."}
	case "date":
		return locale.Text{"en": "This is not a date such as 2024-05-17.", "ru": "Это не дата вида 2024-05-17.",
			"tg": "Ин сана дар шакли 2024-05-17 нест.", "kk": "Бұл 2024-05-17 түріндегі күн емес."}
	case "time":
		return locale.Text{"en": "This is not a time such as 14:05:00.", "ru": "Это не время вида 14:05:00.",
			"tg": "Ин вақт дар шакли 14:05:00 нест.", "kk": "Бұл 14:05:00 түріндегі уақыт емес."}
	case "dateTime":
		return locale.Text{"en": "This is not a date and time such as 2024-05-17T14:05:00+05:00.", "ru": "Это не дата и время вида 2024-05-17T14:05:00+05:00.",
			"tg": "Ин сана ва вақт дар шакли 2024-05-17T14:05:00+05:00 нест.", "kk": "Бұл 2024-05-17T14:05:00+05:00 түріндегі күн мен уақыт емес."}
	}
	return locale.Text{"en": "These are not coordinates such as 38.55 68.77 820 5.", "ru": "Это не координаты вида 38.55 68.77 820 5.",
		"tg": "Ин координатаҳо дар шакли 38.55 68.77 820 5 нест.", "kk": "Бұл 38.55 68.77 820 5 түріндегі координаталар емес."}
}
