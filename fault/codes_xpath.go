package fault

// Codes of xpath: what can be wrong with an expression, with its evaluation, and with an XML document.
const (
	XPathEmpty           Code = "xpath.empty"
	XPathTooLong         Code = "xpath.too_long"
	XPathTooDeep         Code = "xpath.too_deep"
	XPathUnexpected      Code = "xpath.unexpected"
	XPathForeignOperator Code = "xpath.foreign_operator"
	XPathCurlyQuote      Code = "xpath.curly_quote"
	XPathOpenQuote       Code = "xpath.open_quote"
	XPathReferenceLeft   Code = "xpath.reference_left"
	XPathVariable        Code = "xpath.variable"
	XPathOddCharacter    Code = "xpath.odd_character"
	XPathEscapedSign     Code = "xpath.escaped_sign"
	XPathUnknownFunction Code = "xpath.unknown_function"
	XPathUnknownAxis     Code = "xpath.unknown_axis"
	XPathArguments       Code = "xpath.arguments"
	XPathNeedsNodes      Code = "xpath.needs_nodes"
	XPathSlashDivision   Code = "xpath.slash_division"
	XPathBadPattern      Code = "xpath.bad_pattern"

	XPathTooCostly     Code = "xpath.too_costly"
	XPathUnknownPrefix Code = "xpath.unknown_prefix"
	XPathNoInstance    Code = "xpath.no_instance"
	XPathNoClock       Code = "xpath.no_clock"
	XPathNoRandom      Code = "xpath.no_random"
	XPathBadArgument   Code = "xpath.bad_argument"

	XMLBroken   Code = "xml.broken"
	XMLEntity   Code = "xml.entity"
	XMLEncoding Code = "xml.encoding"
	XMLTooLarge Code = "xml.too_large"
)

func xpathFaults() []Entry {
	return append(xpathSyntaxFaults(),
		Entry{XPathTooCostly, TooLarge, "the expression {expression} takes more than {limit} steps on these answers",
			"Make it narrower: name the path instead of //, and look one item up instead of comparing all with all."},
		Entry{XPathUnknownPrefix, Invalid, "the prefix {prefix} in {name} has no namespace",
			"Declare the prefix with its address, or write the name without it."},
		Entry{XPathNoInstance, NotFound, "there is no list called {id} for instance('{id}')",
			"Give the list under that id, or correct the id."},
		Entry{XPathNoClock, Invalid, "{function}() was asked for, but no time was given to the evaluation",
			"Give the time at which the answers count as asked."},
		Entry{XPathNoRandom, Invalid, "{function}() was asked for, but no source of chance was given to the evaluation",
			"Give a seed, or leave {function}() out of expressions that are checked after collection."},
		Entry{XPathBadArgument, Invalid, "{function}() cannot use {value} as {what}",
			"Use {allowed}."},
		Entry{XMLBroken, Invalid, "the XML is broken at line {line}: {problem}",
			"Send the file again, or open it in an XML editor and mend that line."},
		Entry{XMLEntity, Invalid, "the XML declares a document type or uses the entity {entity} at line {line}",
			"Remove the DOCTYPE and write the characters themselves; only the five entities of XML are read."},
		Entry{XMLEncoding, Invalid, "the XML is not UTF-8 at line {line}",
			"Save the file as UTF-8."},
		Entry{XMLTooLarge, TooLarge, "the XML has more than {limit} {what}",
			"Split the file, or ask the administrator to raise the limit."},
	)
}

func xpathSyntaxFaults() []Entry {
	return []Entry{
		{XPathEmpty, Invalid, "the expression is empty", "Write an expression, or remove the cell."},
		{XPathTooLong, TooLarge, "the expression has more than {limit} {what}", "Split it: put a part into a calculation of its own."},
		{XPathTooDeep, TooLarge, "the expression nests more than {limit} levels deep, at character {column}",
			"Split it: put the inner part into a calculation of its own."},
		{XPathUnexpected, Invalid, "character {column}: found {found} where {expected} should stand", "{hint}."},
		{XPathForeignOperator, Invalid, "character {column}: {found} is not an operator here", "Write {instead}."},
		{XPathCurlyQuote, Invalid, "character {column}: {found} is a typographic quotation mark",
			"Write straight quotes, ' or \", and switch off automatic quotes in the spreadsheet."},
		{XPathOpenQuote, Invalid, "character {column}: the text that begins with {found} has no closing quote", "Write {quote} at the end of the text."},
		{XPathReferenceLeft, Invalid, "character {column}: {found} was not replaced by a path",
			"Check that a question of that name exists; outside of a form write its path, such as /data/name."},
		{XPathVariable, Invalid, "character {column}: {found} is a variable, and there are none",
			"Write ${name} in a form, or the path of the question."},
		{XPathOddCharacter, Invalid, "character {column}: {found} cannot stand in an expression", "{hint}."},
		{XPathEscapedSign, Invalid, "character {column}: {found} is the sign {instead} as XML writes it", "Write {instead} in a form or on the command line."},
		{XPathUnknownFunction, Invalid, "character {column}: there is no function {name}()", "{hint}."},
		{XPathUnknownAxis, Invalid, "character {column}: there is no axis {name}::", "Use child, parent, descendant, ancestor, attribute or another axis of XPath 1.0."},
		{XPathArguments, Invalid, "character {column}: {name}() was given {given}, but takes {wanted}", "Write {signature}."},
		{XPathNeedsNodes, Invalid, "character {column}: {place} needs a path, but {found} is a {type}", "Write the path of questions there, such as /data/household/age."},
		{XPathSlashDivision, Invalid, "character {column}: / after {found} is a step of a path", "To divide, write div."},
		{XPathBadPattern, Invalid, "character {column}: the pattern {pattern} cannot be used: {problem}",
			"Write a regular expression without look-ahead, look-behind and back-references."},
	}
}
