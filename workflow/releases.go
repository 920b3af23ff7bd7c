package workflow

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"safar/access"
	"safar/fault"
	"safar/release"
	"safar/store"
)

// ReleaseOrder is what a person says of a publication.
type ReleaseOrder struct {
	Title string        `json:"title"`
	Note  string        `json:"note"`
	Terms release.Terms `json:"terms"`
}

// BuildRelease freezes a round and makes its files. The snapshot is taken on one view of the data and names what never
// changes; it, the files and the entry in the journal are kept in one write.
func (w *Workflow) BuildRelease(ctx context.Context, actor access.Actor, operation, activity string, number int, order ReleaseOrder) (built store.Release, files []release.File, err error) {
	if err := allow(actor, access.BuildRelease, operation); err != nil {
		return built, nil, err
	}
	if err := w.allChecked(ctx, operation); err != nil {
		return built, nil, err
	}
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return built, nil, err
	}
	for {
		built, files, err = w.buildOnce(ctx, actor, t, number, order)
		if !errors.Is(err, errTaken) {
			return built, files, err
		}
	}
}

// errTaken says that another release of the round was kept meanwhile, under the number that this one was to have.
var errTaken = errors.New("the number of the release is taken")

func (w *Workflow) buildOnce(ctx context.Context, actor access.Actor, t *tool, number int, order ReleaseOrder) (built store.Release, files []release.File, err error) {
	s, err := w.takeSnapshot(ctx, actor, t, number, order)
	if err != nil {
		return built, nil, err
	}
	raw, err := s.bytes()
	if err != nil {
		return built, nil, err
	}
	if files, err = w.print(ctx, t, s, release.Hash(raw)); err != nil {
		return built, nil, err
	}
	err = w.change(ctx, actor, access.BuildRelease, t.operation.Slug, func(s2 *Step) error {
		if _, err := s2.Tx.Release(t.operation.Slug, s.ID); fault.KindOf(err) != fault.NotFound || err == nil {
			return cmp.Or(err, errTaken)
		}
		built, err = s2.keepRelease(s, raw, files)
		return err
	})
	return built, files, err
}

func (w *Workflow) takeSnapshot(ctx context.Context, actor access.Actor, t *tool, number int, order ReleaseOrder) (s snapshot, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		if s, err = w.freeze(tx, t, number); err != nil {
			return err
		}
		s.ID, s.Previous, err = nextRelease(tx, s)
		return err
	})
	if order.Title == "" {
		order.Title = fmt.Sprintf("%s: %s, round %d", s.Operation.Title, t.pack.Title.In("en"), number)
	}
	s.Order, s.At = order, w.Now().UTC().Truncate(1e9)
	return s, err
}

// nextRelease numbers the release within its round, and finds the manifest hash of the one before it.
func nextRelease(tx *store.Tx, s snapshot) (id, previous string, err error) {
	all, err := tx.Releases(s.Operation.Slug)
	if err != nil {
		return "", "", err
	}
	hashes := map[string]string{}
	for _, r := range all {
		if r.Activity == s.Activity.ID && r.Round == s.Round.Number {
			hashes[r.ID] = r.ManifestHash
		}
	}
	name := func(n int) string {
		return fmt.Sprintf("%s.%s.r%d.v%d", s.Operation.Slug, s.Activity.ID, s.Round.Number, n)
	}
	return name(len(hashes) + 1), hashes[name(len(hashes))], nil
}

// print makes the files of a snapshot.
func (w *Workflow) print(ctx context.Context, t *tool, s snapshot, hash string) ([]release.File, error) {
	m, err := w.thaw(ctx, t, s)
	if err != nil {
		return nil, err
	}
	return release.Build(w.input(t, s, hash, m))
}

func (s *Step) keepRelease(snap snapshot, raw []byte, files []release.File) (store.Release, error) {
	r := store.Release{
		Operation: s.Operation, ID: snap.ID, Activity: snap.Activity.ID, Round: snap.Round.Number, Title: snap.Order.Title,
		SnapshotSeq: snap.Seq, SnapshotHash: snap.Head, CreatedAt: snap.At, CreatedBy: s.Actor.Name, State: store.ReleaseBuilt, Previous: snap.Previous,
	}
	for _, f := range append([]release.File{{Path: snapshotPath, Bytes: raw}}, files...) {
		sha, err := s.PutBlobBytes(s.Operation, f.Bytes)
		if err != nil {
			return r, err
		}
		r.Files = append(r.Files, store.ReleaseFile{Path: f.Path, SHA: sha, Bytes: int64(len(f.Bytes))})
		if f.Path == release.ManifestPath {
			r.Manifest, r.ManifestHash = f.Bytes, sha
		}
	}
	if err := s.PutRelease(r); err != nil {
		return r, err
	}
	return r, s.Journal("release.built", r.ID, map[string]any{"manifest": r.ManifestHash, "snapshot": release.Hash(raw)})
}

// snapshotPath is the name under which the snapshot is kept beside the files of a release. It names records, so it is
// no part of what goes out.
const snapshotPath = "../snapshot.json"

// Releases lists the releases of an operation; readers from outside see only what is published.
func (w *Workflow) Releases(ctx context.Context, actor access.Actor, operation string) (list []store.Release, err error) {
	err = w.read(ctx, actor, access.ReadReleases, operation, func(tx *store.Tx) error {
		list, err = tx.Releases(operation)
		return err
	})
	if !access.May(actor, access.BuildRelease, operation) {
		list = slices.DeleteFunc(list, func(r store.Release) bool { return r.State != store.ReleasePublished })
	}
	return list, err
}

// Release finds one release by id, in whichever operation it is.
func (w *Workflow) Release(ctx context.Context, actor access.Actor, id string) (store.Release, error) {
	ops, err := w.Operations(ctx, actor)
	if err != nil {
		return store.Release{}, err
	}
	for _, op := range ops {
		var found store.Release
		err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
			found, err = tx.Release(op.Slug, id)
			return err
		})
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue
		}
		if err == nil && found.State != store.ReleasePublished && !access.May(actor, access.BuildRelease, op.Slug) {
			if found.State == store.ReleaseWithdrawn { // it was public: who cited it is told
				return store.Release{}, fault.New(fault.ReleaseTakenBack, "release", id)
			}
			break
		}
		return found, err
	}
	return store.Release{}, fault.New(fault.ReleaseUnknown, "release", id)
}

// ReleaseFS gives the files of a release as they were frozen.
func (w *Workflow) ReleaseFS(ctx context.Context, actor access.Actor, r store.Release) (fs.FS, error) {
	if err := allow(actor, access.ReadReleases, r.Operation); err != nil {
		return nil, err
	}
	var files []release.File
	for _, f := range r.Files {
		if f.Path == snapshotPath {
			continue
		}
		data, err := w.blob(ctx, r.Operation, f.SHA)
		if err != nil {
			return nil, err
		}
		files = append(files, release.File{Path: f.Path, Bytes: data})
	}
	return release.NewFolder(files, r.CreatedAt), nil
}

func (w *Workflow) blob(ctx context.Context, operation, sha string) ([]byte, error) {
	r, err := w.Store.OpenBlob(ctx, operation, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// SetReleaseState publishes a built release or withdraws a published one, with the reason.
func (w *Workflow) SetReleaseState(ctx context.Context, actor access.Actor, id string, state store.ReleaseState, reason string) (r store.Release, err error) {
	if r, err = w.Release(ctx, actor, id); err != nil {
		return r, err
	}
	from := map[store.ReleaseState]store.ReleaseState{store.ReleasePublished: store.ReleaseBuilt, store.ReleaseWithdrawn: store.ReleasePublished}
	err = w.change(ctx, actor, access.Publish, r.Operation, func(s *Step) error {
		if r, err = s.Tx.Release(r.Operation, id); err != nil {
			return err
		}
		if r.State != from[state] {
			return fault.New(fault.ReleaseState, "release", id, "state", string(r.State))
		}
		r.State = state
		if err := s.PutRelease(r); err != nil {
			return err
		}
		return s.Journal("release."+string(state), id, map[string]any{"manifest": r.ManifestHash, "reason": reason})
	})
	return r, err
}

// RebuildRelease makes a release again from the records and compares it with what was frozen: the problems are the
// files that differ.
func (w *Workflow) RebuildRelease(ctx context.Context, actor access.Actor, id string) ([]release.File, []error, error) {
	r, err := w.Release(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	if !access.May(actor, access.ManageSystem, r.Operation) { // who checks the installation may, who reads a release may not
		if err := allow(actor, access.BuildRelease, r.Operation); err != nil {
			return nil, nil, err
		}
	}
	files, err := w.rebuild(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	var problems []error
	frozen := map[string]string{}
	for _, f := range r.Files {
		frozen[f.Path] = f.SHA
	}
	for _, f := range files {
		if frozen[f.Path] != release.Hash(f.Bytes) {
			problems = append(problems, fault.New(fault.ReleaseRebuild, "file", f.Path))
		}
	}
	if len(problems) > 0 {
		s, _, err := w.snapshotOf(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		if s.Made != (madeBy{release.Method, w.Dictionary.Version()}) { // the program changed, which says nothing of the data
			problems = []error{fault.New(fault.ReleaseOtherMaker, "method", s.Made.Method, "dictionary", s.Made.Dictionary, "count", strconv.Itoa(len(problems)))}
		}
	}
	return files, problems, nil
}

// snapshotOf reads the snapshot of a release; hash is its SHA-256, which the manifest names.
func (w *Workflow) snapshotOf(ctx context.Context, r store.Release) (s snapshot, hash string, err error) {
	for _, f := range r.Files {
		if f.Path == snapshotPath {
			hash = f.SHA
		}
	}
	raw, err := w.blob(ctx, r.Operation, hash)
	if err != nil {
		return s, hash, err
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, hash, fault.Internalf(err, "reading the snapshot of %s", r.ID)
	}
	return s, hash, nil
}

func (w *Workflow) rebuild(ctx context.Context, r store.Release) ([]release.File, error) {
	s, hash, err := w.snapshotOf(ctx, r)
	if err != nil {
		return nil, err
	}
	t, err := w.toolAsAdopted(ctx, s)
	if err != nil {
		return nil, err
	}
	return w.print(ctx, t, s, hash)
}

// toolAsAdopted is the tool with the pack and the forms that a release was made with, even when the activity has newer
// ones today.
func (w *Workflow) toolAsAdopted(ctx context.Context, s snapshot) (*tool, error) {
	a := s.Activity
	now, err := w.toolOf(ctx, a.Operation, a.ID)
	if err != nil || now.activity.ToolHash == a.ToolHash && len(now.forms) == len(s.Forms) {
		return now, err
	}
	pack, err := w.packOf(ctx, a)
	if err != nil {
		return nil, err
	}
	then := &tool{operation: now.operation, zone: now.zone, activity: a, pack: pack}
	var rows []store.FormVersion
	for _, q := range now.forms {
		if slices.Contains(s.Forms, formRef{q.FormID, q.Version}) {
			rows = append(rows, q.FormVersion)
		}
	}
	return then, then.compile(a.ID, rows)
}
