package store

import "time"

// ReleaseState says who may see a release.
type ReleaseState string

// The states.
const (
	ReleaseBuilt     ReleaseState = "built"
	ReleasePublished ReleaseState = "published"
	ReleaseWithdrawn ReleaseState = "withdrawn"
)

// Release is one frozen publication. Its files are blobs of the operation.
type Release struct {
	Operation    string
	ID           string
	Activity     string
	Round        int
	Title        string
	ManifestHash string // SHA-256 (hex) of manifest.json
	SnapshotSeq  int64  // end of the journal's chain it was built from
	SnapshotHash string
	CreatedAt    time.Time
	CreatedBy    string
	State        ReleaseState
	Previous     string // id of the release it follows, or ""
	Manifest     []byte
	Files        []ReleaseFile // kept from CollectBlobs; filled by Release, not by Releases
}

// ReleaseFile is one file of a release.
type ReleaseFile struct {
	Path  string // slash-separated, inside the release's folder
	SHA   string // names the blob
	Bytes int64
}

// PutRelease adds a release with its files, or changes the state of one that is there; nothing else of it can change.
func (tx *Tx) PutRelease(r Release) error {
	if r.CreatedAt.IsZero() {
		r.CreatedAt = tx.now
	}
	err := tx.put(`INSERT INTO release (operation, id, activity, round, title, manifest_hash, snapshot_seq, snapshot_hash, created_at, created_by, state, previous, manifest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (operation, id) DO UPDATE SET state = excluded.state`,
		r.Operation, r.ID, r.Activity, r.Round, r.Title, r.ManifestHash, r.SnapshotSeq, r.SnapshotHash, micros(r.CreatedAt), r.CreatedBy, string(r.State), r.Previous, r.Manifest)
	for _, f := range r.Files {
		if err == nil {
			err = tx.put("INSERT INTO release_file (operation, release, path, sha256, bytes) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
				r.Operation, r.ID, f.Path, f.SHA, f.Bytes)
		}
	}
	return err
}

const releaseColumns = "operation, id, activity, round, title, manifest_hash, snapshot_seq, snapshot_hash, created_at, created_by, state, previous, manifest"

func scanRelease(r row) (v Release, err error) {
	var at int64
	err = r.Scan(&v.Operation, &v.ID, &v.Activity, &v.Round, &v.Title, &v.ManifestHash, &v.SnapshotSeq, &v.SnapshotHash, &at, &v.CreatedBy, &v.State, &v.Previous, &v.Manifest)
	v.CreatedAt = instant(at)
	return v, err
}

// Release gives one release with its files; fault store.not_found.
func (tx *Tx) Release(op, id string) (Release, error) {
	v, err := named(tx, "release", id, scanRelease, "SELECT "+releaseColumns+" FROM release WHERE operation = $1 AND id = $2", op, id)
	if err != nil {
		return v, err
	}
	v.Files, err = list(tx, func(r row) (f ReleaseFile, err error) {
		err = r.Scan(&f.Path, &f.SHA, &f.Bytes)
		return f, err
	}, "SELECT path, sha256, bytes FROM release_file WHERE operation = $1 AND release = $2 ORDER BY path", op, id)
	return v, err
}

// Releases lists the releases of an operation, newest first.
func (tx *Tx) Releases(op string) ([]Release, error) {
	return list(tx, scanRelease, "SELECT "+releaseColumns+" FROM release WHERE operation = $1 ORDER BY created_at DESC, id DESC", op)
}
