package workflow

import "safar/store"

// The names under which surfaces, which do not know the store, ask for what it keeps.
type (
	// FindingFilter chooses findings of an operation; zero fields choose all.
	FindingFilter = store.FindingFilter
	// Device is a phone or tablet that sends records.
	Device = store.Device
	// DeviceState says whether a device may work.
	DeviceState = store.DeviceState
	// ReleaseState says how far a release went.
	ReleaseState = store.ReleaseState
	// StoredRelease is a release as it is kept.
	StoredRelease = store.Release
	// FormVersion is one version of one questionnaire.
	FormVersion = store.FormVersion
	// StoredImport is an import as it is kept.
	StoredImport = store.Import
)
