package fault

// Codes of dictionary.
const (
	DictionaryEmpty      Code = "dictionary.empty"
	DictionaryUnreadable Code = "dictionary.unreadable"
	DictionaryName       Code = "dictionary.name"
	DictionaryTwice      Code = "dictionary.code_twice"
	DictionaryReference  Code = "dictionary.reference_unknown"
	DictionaryLabel      Code = "dictionary.label_missing"
	DictionaryIdentity   Code = "dictionary.identity_not_severe"
)

func dictionaryFaults() []Entry {
	return []Entry{
		{DictionaryEmpty, NotFound, "the dictionary folder holds no .yaml file", "Name the folder that holds items, lists and categories."},
		{DictionaryUnreadable, Invalid, "this dictionary file cannot be read: {why}", "Mend the file; the shipped files in dictionary/data show the form."},
		{DictionaryName, Invalid, "{name} is not a name of a dictionary item", "Write a code, a level and a slug: sf0101_loc_num_returnee_hh."},
		{DictionaryTwice, Invalid, "{code} stands twice in the dictionary", "Give one of the two another code; codes are never used again."},
		{DictionaryReference, Invalid, "{owner} names the {what} \"{code}\", which the dictionary does not have", "Add the {what} or correct the name."},
		{DictionaryLabel, Invalid, "{owner} has no text in: {languages}", "Write the text in each of these languages."},
		{DictionaryIdentity, Invalid, "{owner} identifies a person but is not of the class severe", "Set its sensitivity to severe."},
	}
}
