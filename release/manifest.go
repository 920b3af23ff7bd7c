package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"safar/disclose"
)

// Manifest names the release and the hash of each of its files. Its own SHA-256 stands in the journal and on the
// public page.
type Manifest struct {
	Format    string          `json:"format"`
	Release   string          `json:"release"`
	Title     string          `json:"title"`
	Operation OperationRef    `json:"operation"`
	Activity  string          `json:"activity"`
	Round     RoundRef        `json:"round"`
	Snapshot  SnapshotRef     `json:"snapshot"`
	Pack      PackRef         `json:"pack"`
	Policy    disclose.Policy `json:"policy"`
	Terms
	CreatedAt string      `json:"created_at"` // RFC 3339, UTC
	Files     []FileEntry `json:"files"`
	Previous  string      `json:"previous"` // manifest hash of the release before it, "" for the first
}

// OperationRef is what a reader needs to know of the operation.
type OperationRef struct {
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Country string `json:"country"`
	Status  string `json:"status"`
}

// RoundRef is what a reader needs to know of the round.
type RoundRef struct {
	Number        int    `json:"number"`
	Start         string `json:"start"`
	End           string `json:"end"`
	ReferenceDate string `json:"reference_date"`
	Status        string `json:"status"` // closed, or the figures are provisional
}

// FileEntry is one file as the manifest names it.
type FileEntry struct {
	Path   string `json:"path"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"`
}

// ManifestPath is where the manifest lies in a release.
const ManifestPath = "manifest.json"

func (p *press) manifest(files []File) (File, error) {
	in := p.in
	m := Manifest{
		Format: Format, Release: in.ID, Title: in.Title,
		Operation: OperationRef{in.Operation.Slug, in.Operation.Title, in.Operation.Country, in.Operation.Status},
		Activity:  in.Activity.ID,
		Round:     RoundRef{in.Round.Number, in.Round.Start, in.Round.End, in.Round.Reference(), string(in.Round.Status)},
		Snapshot:  in.Snapshot, Pack: in.Pack, Policy: in.Policy, Terms: in.Terms,
		CreatedAt: in.CreatedAt.UTC().Format(time.RFC3339), Previous: in.Previous,
	}
	for _, f := range files {
		m.Files = append(m.Files, FileEntry{Path: f.Path, Bytes: len(f.Bytes), SHA256: Hash(f.Bytes), Rows: f.Rows})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return File{}, err
	}
	return File{Path: ManifestPath, Bytes: b.Bytes()}, nil
}

// Hash is the SHA-256 of a file in hexadecimal.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
