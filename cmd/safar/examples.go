package main

import "strings"

// example is one worked call of a command. Together, in order, they are a session that a test runs; words in capitals
// stand for what the commands before them printed.
type example struct {
	command string // name in the table
	line    string // what to type
	reads   string // what the reader should look for
}

// examples are what --help and docs/commands.md show.
func examples() []example {
	return append(append(beginning(), collecting()...), publishing()...)
}

// beginning sets an operation up.
func beginning() []example {
	return []example{
		{"version", `safar version --json`, "Say this in a report of a fault."},
		{"operation create", `safar operation create "Sughd monitoring" --country TJK`, "The slug, sughd-monitoring, names it from now on."},
		{"operation list", `safar operation list`, ""},
		{"place presets", `safar place presets`, "A file with one of these sets of headers needs no mapping."},
		{"place check", `safar place check areas.csv --country TJK`, "Nothing is kept. Each defect is listed with its row."},
		{"place import", `safar place import areas.csv --country TJK`, "Rows with defects stay out, the others are in."},
		{"place find", `safar place find Хуҷанд --country TJK`, "Other scripts and spellings find it too, and so do codes and coordinates such as 40.28,69.63."},
		{"place list", `safar place list --country TJK --level 1`, ""},
		{"tool list", `safar tool list`, ""},
		{"tool show", `safar tool show baseline-sub-area --language ru`, "With --guide it prints two pages for the team."},
		{"tool lint", `safar tool lint baseline-sub-area`, "A folder with a tool of your own may stand in place of the name."},
		{"tool adopt", `safar tool adopt baseline-sub-area --operation sughd-monitoring`, ""},
		{"form check", `safar form check visit.md`, "Every error names sheet, row and column. With --json a program reads them."},
		{"form convert", `safar form convert visit.md -o visit.xml`, ""},
		{"form publish", `safar form publish baseline-sub-area --operation sughd-monitoring`, "Devices get the form with their next refresh. A file of your own goes with --tool."},
		{"form list", `safar form list --operation sughd-monitoring`, ""},
		{"form export", `safar form export safar_baseline_sub_area --operation sughd-monitoring -o baseline.xml`, ""},
		{"xpath", `safar xpath 'sum(/data/person/age)' --xml answers.xml`, ""},
		{"round open", `safar round open --tool baseline-sub-area --round 1 --start 2026-02-01 --end 2026-02-28`, "The last day is the day that stocks speak of, unless --reference-date says another."},
		{"user add", `safar user add karim --role officer`, "The password is printed once."},
		{"user reset", `safar user reset karim`, ""},
		{"user list", `safar user list`, ""},
		{"admin link", `safar admin link`, "Open the link in a browser, once, within a day."},
		{"device add", `safar device add --name team-1 --areas TJ01`, "The address goes into ODK Collect or KoboCollect. It is shown once."},
		{"device list", `safar device list`, ""},
		{"device pause", `safar device pause DEVICE`, "The phone keeps its records until device resume."},
		{"device resume", `safar device resume DEVICE`, ""},
		{"device revoke", `safar device revoke DEVICE`, "For a lost phone. It cannot be taken back; add a new device."},
	}
}

// collecting takes records in and looks at them.
func collecting() []example {
	return []example{
		{"import suggest", `safar import suggest villages.xlsx > map.yaml`, "Nothing is kept. The mapping is a text to read and change; remarks go to standard error."},
		{"import records", `safar import records villages.xlsx --operation sughd-monitoring --round 1 --map map.yaml`, "Without --map the mapping is suggested anew. The same file again changes nothing."},
		{"import list", `safar import list`, ""},
		{"import errors", `safar import errors IMPORT`, "The same list that the import printed."},
		{"figures", `safar figures --tool baseline-sub-area --by adm1`, "--format csv and --format json are for programs. Sums that would count people twice are refused with the reason."},
		{"record list", `safar record list --round 1 --search Obshoron`, ""},
		{"record show", `safar record show RECORD`, "With --original it prints what was received, to the byte."},
		{"record correct", `safar record correct RECORD --set m0310_loc_num_idp_ind=50 --reason typo --comment "asked again"`, "The original stays and the record is checked again at once."},
		{"record exclude", `safar record exclude RECORD --reason "visited the wrong village"`, ""},
		{"record accept", `safar record accept RECORD --reason "it was the right one"`, ""},
		{"record export", `safar record export --round 1 --format xlsx -o records.xlsx`, "Answers that identify people are left out."},
		{"round targets", `safar round targets --round 1`, ""},
		{"round status", `safar round status`, ""},
		{"round check", `safar round check --round 1`, "It compares records with each other: outliers, repeated numbers, same names, places nobody visited."},
		{"round findings", `safar round findings --round 1 --level B`, "Only B keeps a round from closing."},
		{"round close", `safar round close --round 1`, "Open it again with round open --reopen REASON."},
	}
}

// publishing makes a release and keeps the data safe.
func publishing() []example {
	return []example{
		{"release build", `safar release build --round 1 --licence "CC BY 4.0" --attribution "Bureau of Statistics" --source https://example.org -o r1`, "The release is frozen here and written to the folder r1."},
		{"release list", `safar release list`, ""},
		{"release verify", `safar release verify r1`, "Anyone can do this, without the data. With --data it is made again from the records as well."},
		{"release rebuild", `safar release rebuild sughd-monitoring.baseline-sub-area.r1.v1`, ""},
		{"release publish", `safar release publish sughd-monitoring.baseline-sub-area.r1.v1`, ""},
		{"trace", `safar trace sughd-monitoring.baseline-sub-area.r1.v1 "idp.ind;adm2=TJ0101"`, "The cell's name stands in the column cell of each data file."},
		{"release withdraw", `safar release withdraw sughd-monitoring.baseline-sub-area.r1.v1 --reason "wrong licence"`, ""},
		{"form retire", `safar form retire safar_baseline_sub_area VERSION`, "Phones that have it may still send."},
		{"import undo", `safar import undo IMPORT --reason "wrong file"`, ""},
		{"job list", `safar job list`, "Jobs that failed too often are dead and wait for a person."},
		{"job retry", `safar job retry JOB`, ""},
		{"check", `safar check --rebuild`, ""},
		{"backup", `safar backup monday.safar --passphrase-file words.txt`, "Keep the passphrase elsewhere than the file."},
		{"restore", `safar restore monday.safar --data safar-restored --passphrase-file words.txt`, ""},
		{"serve", `safar serve --addr :8411`, "Other commands work on the same folder meanwhile."},
		{"demo", `safar demo`, "In a second terminal, try the commands that it prints."},
	}
}

// exampleOf finds the example of a command.
func exampleOf(name string) example {
	for _, e := range examples() {
		if e.command == name {
			return e
		}
	}
	return example{}
}

// text is the example with its remark below it.
func (e example) text(indent string) string {
	return strings.TrimRight(indent+e.line+"\n"+indent+e.reads, " \n") + "\n"
}
