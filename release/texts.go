package release

import (
	"fmt"
	"strconv"
	"strings"

	"safar/disclose"
	"safar/locale"
	"safar/round"
)

// coverage is the table every round owes its readers: what was to be assessed and what was.
func (p *press) coverage() File {
	header := []string{"area_code", "area_name", "targeted", "assessed", "inaccessible", "new", "carried", "not_visited"}
	hxl := []string{"#adm+code", "#adm+name", "#targeted", "#reached", "#inaccessible", "#reached+new", "#meta+carried", "#unreached"}
	var rows [][]string
	for _, c := range p.in.Coverage {
		row := []string{c.Area, p.areas[c.Area].Name}
		for _, n := range []int{c.Targeted, c.Assessed, c.Inaccessible, c.New, c.Carried, c.NotVisited} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return csvFile("data/coverage.csv", header, hxl, rows)
}

// codebook lists every variable the figures come from and every measure.
func (p *press) codebook() File {
	header := []string{"name", "kind", "label", "type", "unit", "hxl", "class", "definition"}
	var rows [][]string
	for _, v := range p.in.Codebook {
		rows = append(rows, []string{v.Name, "variable", v.Label, v.Type, v.Unit, v.HXL, v.Class, v.Definition})
	}
	for _, m := range p.in.Measures {
		rows = append(rows, []string{m.ID, "measure", m.Title.In("en"), m.Agg, m.Unit, m.HXL, "low", m.Definition.In("en")})
	}
	return csvFile("codebook.csv", header, nil, rows)
}

// cleaningLog is every change between what was received and what is published: which question of which record, in which
// district, why and when. Values, locations, comments and names stay with the publisher, because a value of a location
// is of a class that is not public; whoever may read records finds them through trace.
func (p *press) cleaningLog() File {
	header := []string{"record", "adm1_code", "adm2_code", "question", "reason", "day"}
	var rows [][]string
	for _, c := range p.in.Changes {
		rows = append(rows, []string{c.Record, c.Adm1, c.Adm2, c.Question, c.Reason, c.Day})
	}
	return csvFile("cleaning_log.csv", header, nil, rows)
}

// methodology is the text that stands with the figures: approach, definitions, coverage, limits, protection, terms.
func (p *press) methodology() File {
	in := p.in
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# %s", in.Title)
	say("")
	say("%s, round %d. Figures speak of %s.%s", in.Operation.Title, in.Round.Number, in.Round.Reference(), period(in))
	say("Release %s, made on %s from %s records; %s of them carry a correction.", in.ID, in.CreatedAt.UTC().Format("2006-01-02"), locale.Number(float64(in.Records)), locale.Number(float64(in.Corrected)))
	if in.Note != "" {
		say("\n%s", in.Note)
	}
	if in.Round.Status != round.Closed && in.Round.Status != round.Published {
		say("\nProvisional: the round is not closed; %d blocking findings are open.", in.Blocking)
	}
	say("\n## Approach\n\n%s\n\n%s Tool: %s (%s %s).", in.Purpose, in.Method, in.PackTitle, in.Pack.Tool, in.Pack.Version)
	p.sayCarried(say)
	say("\n## What the figures mean\n")
	for _, m := range in.Measures {
		say("- **%s** (`%s`, unit %s, %s): %s", m.Title.In("en"), m.ID, m.Unit, m.Agg, m.Definition.In("en"))
	}
	say("\nThe figures are estimates and not a random sample; they carry no confidence interval. Each row of the data files says")
	say("from how many records it comes (`n`), how many records lack the value (`missing`), and how many values were carried")
	say("over from an earlier round (`carried`). Rounds, operations and overlapping categories are never added.")
	say("\n## Limitations\n\n%s", in.Limits)
	p.sayProtection(say)
	say("\n## Use\n\nLicence or terms: %s\n\nAttribution: %s\n\nSource: %s\n", in.Terms.Licence, in.Terms.Attribution, in.Terms.Source)
	say("Boundaries and names of places do not imply endorsement or acceptance by anyone.")
	return File{Path: "methodology.md", Bytes: []byte(b.String())}
}

func period(in Input) string {
	if in.Round.Start == "" || in.Round.End == "" {
		return ""
	}
	return " Collected from " + in.Round.Start + " to " + in.Round.End + "."
}

// sayCarried states the share of values that are older than the round, as every product must.
func (p *press) sayCarried(say func(string, ...any)) {
	from := map[int]map[string]bool{}
	for _, f := range p.in.Facts {
		if f.CarriedFrom > 0 {
			if from[f.CarriedFrom] == nil {
				from[f.CarriedFrom] = map[string]bool{}
			}
			from[f.CarriedFrom][f.Record] = true
		}
	}
	if len(from) == 0 {
		return
	}
	total := 0
	parts := []string{}
	byRound := map[string]int{}
	for r, records := range from {
		byRound[fmt.Sprintf("%06d", r)] = len(records)
		total += len(records)
	}
	for _, key := range sortedKeys(byRound) {
		r, _ := strconv.Atoi(key)
		parts = append(parts, fmt.Sprintf("%s from round %d", locale.Number(float64(byRound[key])), r))
	}
	say("\nCarried over: %s of %s records (%.1f %%) were not updated in this round and keep earlier figures: %s.",
		locale.Number(float64(total)), locale.Number(float64(p.in.Records)), 100*float64(total)/float64(p.in.Records), strings.Join(parts, ", "))
}

func (p *press) sayProtection(say func(string, ...any)) {
	hidden := map[disclose.Reason]int{}
	all := 0
	for _, areas := range p.hidden {
		for _, why := range areas {
			hidden[why]++
			all++
		}
	}
	say("\n## Protection of people\n")
	say("At administrative level %d and below, cells of fewer than %s people or %s households are withheld, with the smallest", p.in.Policy.FromLevel, Number(p.in.Policy.MinPersons), Number(p.in.Policy.MinHouseholds))
	say("sibling where a single withheld cell could be computed from the total (policy %s). In this release %d cells are withheld", p.in.Policy.ID, all)
	say("(small %d, linked %d, secondary %d, inherited %d, sole %d).", hidden[disclose.Small], hidden[disclose.Linked], hidden[disclose.Secondary], hidden[disclose.Inherited], hidden[disclose.Sole])
}
