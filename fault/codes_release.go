package fault

// Codes of releases.
const (
	ReleaseNoDate      Code = "release.no_date"
	ReleaseNoTerms     Code = "release.no_terms"
	ReleaseNoRecords   Code = "release.no_records"
	ReleaseUnknown     Code = "release.unknown"
	ReleaseTakenBack   Code = "release.taken_back"
	ReleaseNotFolder   Code = "release.not_a_release"
	ReleaseFormat      Code = "release.format"
	ReleaseFileMissing Code = "release.file_missing"
	ReleaseFileChanged Code = "release.file_changed"
	ReleaseFileExtra   Code = "release.file_extra"
	ReleaseFooting     Code = "release.footing"
	ReleaseRebuild     Code = "release.rebuild_differs"
	ReleaseCell        Code = "release.no_cell"
	ReleaseTable       Code = "release.table"
	ReleaseState       Code = "release.state"
	ReleaseOtherMaker  Code = "release.other_maker"
)

func releaseFaults() []Entry {
	return []Entry{
		{ReleaseNoDate, Invalid, "the round has no reference date, so its figures cannot say of which day they speak", "Set it: safar round open --operation {operation} --tool {activity} --round {round} --reference-date YYYY-MM-DD."},
		{ReleaseNoTerms, Invalid, "{what} is missing", "A publication says what may be done with it, whom to credit and where it comes from: give --licence, --attribution and --source."},
		{ReleaseNoRecords, Invalid, "the round has no record that counts", "Import or receive records first; round status says what is there."},
		{ReleaseUnknown, NotFound, "there is no release {release}", "The list of releases shows those that there are (release list)."},
		{ReleaseTakenBack, NotFound, "release {release} was withdrawn: its figures are no longer published", "The list of releases shows what stands in its place; ask the publisher why."},
		{ReleaseNotFolder, Invalid, "{dir} is not a release: {reason}", "Give the folder that holds manifest.json."},
		{ReleaseFormat, Invalid, "the release has format {format}, this Safar reads {known}", "Use a newer Safar."},
		{ReleaseFileMissing, Invalid, "the file {file} is in the manifest and not in the folder", "Take the release from its publisher again."},
		{ReleaseFileChanged, Invalid, "the file {file} was changed: its SHA-256 is {have}, the manifest says {want}", "Do not trust this copy; take the release from its publisher again."},
		{ReleaseFileExtra, Invalid, "the file {file} is in the folder and not in the manifest", "Remove it, or do not take it for part of the release."},
		{ReleaseFooting, Invalid, "in {file} the cells below {cell} add up to {sum}, the total says {total}", "Do not publish this; report it to the makers of Safar with the release's id."},
		{ReleaseRebuild, Invalid, "{file} made again from the records differs from the file in the folder", "Do not trust this copy; run safar check to see whether the records are whole."},
		{ReleaseCell, NotFound, "the release has no cell {cell}", "Copy the text of the column cell of one of its data files."},
		{ReleaseTable, Invalid, "the table {table} cannot be made: {reason}", "Mend the tables of the tool's report.yaml and run tool lint."},
		{ReleaseState, Conflict, "release {release} is {state}", "Only a built release can be published, and only a published one withdrawn."},
		{ReleaseOtherMaker, Unavailable, "the release was made by method {method} with dictionary {dictionary}; this Safar makes files otherwise, so {count} files differ", "Its files still verify by their hashes; to make it again use the version of Safar that made it."},
	}
}
