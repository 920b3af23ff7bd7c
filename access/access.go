// Package access says who acts and what they may do. May is a pure function of an actor, a verb and a thing; the
// workflow asks it before anything else, and no surface decides a permission of its own.
package access

// Kind tells actors apart.
type Kind string

// The kinds of actors.
const (
	Local  Kind = "local"  // the command line on the machine: "local:<os user>"
	Person Kind = "person" // a signed-in person
	Device Kind = "device" // a phone or tablet with its own secret
	System Kind = "system" // Safar itself: jobs
	Public Kind = "public" // nobody in particular: readers of releases
)

// Actor is who does something. Name is what the journal keeps: "local:farida", "device:0198...", never a person's
// contact data.
type Actor struct {
	Kind      Kind
	ID        string
	Name      string
	Operation string // the operation a device belongs to; "" = not bound to one
	Role      Role   // a person's role
}

// Role is a named bundle of verbs.
type Role string

// The roles of this stage (domain 19.5); finer rights come with their own issue.
const (
	Administrator Role = "administrator" // runs the installation, sees no content by default
	Officer       Role = "officer"       // information officer: everything inside operations but releasing to the public
	Steward       Role = "steward"       // approves publication
	Viewer        Role = "viewer"        // reads figures and releases
	Collector     Role = "collector"     // sends submissions
)

// Verb is one thing a workflow can do.
type Verb string

// The verbs, one per workflow step.
const (
	ManageOperation Verb = "operation.manage"
	ManagePlaces    Verb = "place.manage"
	ManageForms     Verb = "form.manage"
	ManageDevices   Verb = "device.manage"
	ManagePeople    Verb = "people.manage"
	Collect         Verb = "form.collect"
	Submit          Verb = "record.submit"
	Import          Verb = "record.import"
	ReadRecords     Verb = "record.read"
	ReadIdentities  Verb = "identity.read"
	Correct         Verb = "record.correct"
	ReadFigures     Verb = "figures.read"
	ManageRound     Verb = "round.manage"
	BuildRelease    Verb = "release.build"
	Publish         Verb = "release.publish"
	ReadReleases    Verb = "release.read"
	ManageSystem    Verb = "system.manage" // jobs, backup, restore, check
)

// Verbs lists all verbs, in the order of a tracking operation's work.
func Verbs() []Verb {
	return []Verb{
		ManageOperation, ManagePlaces, ManageForms, ManageDevices, ManagePeople, Collect, Submit, Import, ReadRecords, ReadIdentities,
		Correct, ReadFigures, ManageRound, BuildRelease, Publish, ReadReleases, ManageSystem,
	}
}

// May says whether the actor may do the verb inside the operation ("" for the installation as a whole).
func May(a Actor, v Verb, operation string) bool {
	switch a.Kind {
	case Local, System:
		return true
	case Device:
		return a.Operation != "" && a.Operation == operation && (v == Collect || v == Submit)
	case Public:
		return v == ReadReleases
	case Person:
		return granted(a.Role, v)
	}
	return false
}

func granted(r Role, v Verb) bool {
	switch r {
	case Administrator:
		return v == ManageSystem || v == ManagePeople || v == ManageDevices || v == ManageOperation || v == ReadReleases
	case Officer:
		return v != ManageSystem && v != ManagePeople && v != Publish && v != ReadIdentities
	case Steward:
		return v == Publish || v == BuildRelease || v == ReadFigures || v == ReadReleases || v == ReadRecords
	case Viewer:
		return v == ReadFigures || v == ReadReleases
	case Collector:
		return v == Collect || v == Submit || v == ReadReleases
	}
	return false
}
