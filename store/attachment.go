package store

import "safar/record"

// AttachmentState says whether an attachment that a record names is there.
type AttachmentState string

// The states.
const (
	AttachmentPresent AttachmentState = "present"
	AttachmentMissing AttachmentState = "missing" // named in the answers, not sent yet
	AttachmentRefused AttachmentState = "refused" // over the limit
)

// Attachment is a file that belongs to a record.
type Attachment struct {
	Name  string // file name as the form client gives it
	SHA   string // names the blob; "" unless present
	Bytes int64
	State AttachmentState
}

// PutAttachment adds an attachment to a record or changes its state. Its blob was stored before.
func (tx *Tx) PutAttachment(op string, id record.ID, a Attachment) error {
	return tx.put(`INSERT INTO attachment (operation, record, name, sha256, bytes, state) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (operation, record, name) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes, state = excluded.state`,
		op, string(id), a.Name, a.SHA, a.Bytes, string(a.State))
}

// Attachments lists the attachments of a record by name.
func (tx *Tx) Attachments(op string, id record.ID) ([]Attachment, error) {
	return list(tx, func(r row) (a Attachment, err error) {
		err = r.Scan(&a.Name, &a.SHA, &a.Bytes, &a.State)
		return a, err
	}, "SELECT name, sha256, bytes, state FROM attachment WHERE operation = $1 AND record = $2 ORDER BY name", op, string(id))
}
