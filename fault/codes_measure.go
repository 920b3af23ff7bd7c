package fault

// Codes of measure.
const (
	MeasureAggregate   Code = "measure.aggregate"
	MeasureIncomplete  Code = "measure.incomplete"
	MeasureDimension   Code = "measure.dimension"
	MeasureTwice       Code = "measure.dimension_twice"
	MeasureTooMuch     Code = "measure.too_much"
	MeasureUnknownFact Code = "measure.unknown_fact"
	MeasureExpression  Code = "measure.expression"
	MeasureFactForm    Code = "measure.fact_form"
	MeasureFactEach    Code = "measure.fact_each"
	MeasureFactEmpty   Code = "measure.fact_empty"
	MeasureKind        Code = "measure.kind"
	MeasureMeasureID   Code = "measure.measure_id"
	MeasureEvaluation  Code = "measure.evaluation"
	MeasureRepeats     Code = "measure.too_many_repeats"
	MeasureFactValue   Code = "measure.fact_value"
	MeasureNoDays      Code = "measure.no_days"
	MeasureNetPoints   Code = "measure.net_points"

	// What may never be added (domain: stock and flow arithmetic).
	NeverOperation Code = "measure.never_operation"
	NeverRound     Code = "measure.never_round"
	NeverTool      Code = "measure.never_tool"
	NeverLevel     Code = "measure.never_level"
	NeverView      Code = "measure.never_view"
	NeverCategory  Code = "measure.never_category"
	NeverPersons   Code = "measure.never_persons"
	NeverUnit      Code = "measure.never_unit"
	NeverAge       Code = "measure.never_age"
	NeverBreakdown Code = "measure.never_breakdown"
	NeverOver      Code = "measure.never_over"
)

func measureFaults() []Entry {
	return append(neverFaults(), []Entry{
		{MeasureAggregate, Invalid, `measure {measure} has the unknown aggregate "{agg}"`, "Write sum, count, mean or ratio."},
		{MeasureIncomplete, Invalid, "measure {measure} is not complete", "Name its fact; a ratio also needs a denominator, and only a ratio has one."},
		{MeasureDimension, Invalid, `"{dimension}" is not a dimension`, "Use one of: {known}."},
		{MeasureTwice, Invalid, `the dimension "{dimension}" is named twice`, "Name each dimension once."},
		{MeasureTooMuch, TooLarge, "the question asks for more than {limit} {what}", "Group by fewer dimensions or filter more."},
		{MeasureUnknownFact, Invalid, `measure {measure} uses the fact "{fact}", which no fact definition yields`, "Correct the name or add the fact definition to measures.yaml."},
		{MeasureExpression, Invalid, `the {part} of fact {fact} cannot be read: {why}`, "Correct the expression in measures.yaml."},
		{MeasureFactForm, Invalid, `fact {fact} is for the form "{form}", which this tool does not have`, "Write the id of one of the tool's forms."},
		{MeasureFactEach, Invalid, `fact {fact} runs for each "{each}", which is not a repeat of its form`, "Write the name of a repeat, or leave each empty."},
		{MeasureFactEmpty, Invalid, `fact {fact} has no {part}`, "Give every fact definition an id, a form, a value and a unit."},
		{MeasureKind, Invalid, `measure {measure} has the unknown kind "{kind}"`, "Write stock, flow or share."},
		{MeasureMeasureID, Invalid, `the measure id "{measure}" is empty or stands twice`, "Give every measure its own id."},
		{MeasureEvaluation, Invalid, "fact {fact} cannot be computed for record {record}: {why}", "Look at the record and correct the value, or correct the expression in measures.yaml."},
		{MeasureRepeats, TooLarge, "record {record} has more than {limit} instances of {each}", "Look at the record; it is probably damaged."},
		{MeasureFactValue, Invalid, "the value {value} of {item} in record {record} is not a number that can be added", "Correct the value; it must be smaller than a million millions."},
		{MeasureNoDays, Invalid, "there is no observation {what}, so there is no average", "Check that shifts are recorded for these points and days."},
		{MeasureNetPoints, Invalid, "the points observed for incoming and outgoing are not the same: {points}", "Compare only points and hours at which both directions were observed."},
	}...)
}

func neverFaults() []Entry {
	return []Entry{
		{NeverOperation, Invalid, "figures of different operations are never added: they count some of the same people in different ways", "Name one operation and ask for each on its own."},
		{NeverRound, Invalid, "{measure} is never added over rounds: people still present would be counted again in each round", "Name one round, or group by round."},
		{NeverTool, Invalid, "figures of different tools are never added: they count the same people", "Name one activity, or group by activity."},
		{NeverLevel, Invalid, "figures of different administrative levels are never added: the upper level holds the lower", "Ask for one level at a time."},
		{NeverView, Invalid, "people seen where they arrived and people seen where they fled from are never added: the same person is in both ({categories})", "Group by category, or filter to one view."},
		{NeverCategory, Invalid, "these categories are never added together: {categories}; {why}", "Group by category, or filter to one category."},
		{NeverPersons, Invalid, "{measure} would give movements as persons: one person can move many times", "Use the unit movement; for persons use a stock."},
		{NeverUnit, Invalid, "{measure} mixes units that are never added: {units}", "Ask for one unit at a time."},
		{NeverAge, Invalid, "the age bands {bands} overlap, so adding them counts people twice", "Group by age_lo and age_hi together, or filter to one set of bands."},
		{NeverBreakdown, Invalid, "a total and its parts, or two ways to split it, are never added ({breakdowns})", "Group by breakdown, or filter to one breakdown."},
		{NeverOver, Invalid, "{measure} is never added over {dimension}", "Group by {dimension}, or filter it to one value."},
	}
}
