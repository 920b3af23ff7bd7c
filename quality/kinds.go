package quality

import "slices"

// kind is one kind of check: what it may be told and how it runs. The table in kinds is the whole list.
type kind struct {
	name   string
	scopes []string             // allowed scopes, the usual one first
	failIf bool                 // needs fail_if
	when   bool                 // may have a when
	items  itemsUse             // whether it names questions
	params []parameter          // what params may hold
	each   bool                 // may name a repeat whose rows it reads
	asks   func(Check) []string // params that this check cannot do without; items stand in for item
	named  bool                 // params are named expressions for the message
	finds  []string             // placeholders that it fills beside the usual ones
	bind   func(*binding) func(*run, *bound)
	many   func(*roundRun, *bound) // scopes round and enumerator
}

// itemsUse says whether a kind of check names questions.
type itemsUse int

const (
	itemsUnused itemsUse = iota
	itemsOptional
	itemsNeeded
)

// Kinds lists the kinds of checks that checks.yaml may use.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

func kindOf(name string) *kind {
	for _, k := range kinds() {
		if k.name == name {
			return k
		}
	}
	return nil
}

// kinds is the table of all kinds of checks, one file each.
func kinds() []*kind {
	return []*kind{
		exprKind(),
		formKind(),
		placeKind(),
		duplicateKind(),
		changeKind(),
		recodeKind(),
		outlierKind(),
		heapingKind(),
		enumeratorKind(),
		alikeKind(),
		coverageKind(),
	}
}

func (k *kind) overRound(scope string) bool {
	return k.many != nil && (scope == "round" || scope == "enumerator")
}

func (k *kind) parameter(name string) (parameter, bool) {
	i := slices.IndexFunc(k.params, func(p parameter) bool { return p.name == name })
	if i < 0 {
		return parameter{}, false
	}
	return k.params[i], true
}

// usualPlaceholders are filled for every finding about one record.
func usualPlaceholders() []string { return []string{"unit", "round", "date"} }
