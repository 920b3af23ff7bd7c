package fault

// Codes of store.
const (
	StoreNewerVersion    Code = "store.newer_version"
	StoreLocked          Code = "store.locked"
	StoreNotADataFolder  Code = "store.not_a_data_folder"
	StoreNoSpace         Code = "store.no_space"
	StoreKeyWrong        Code = "store.key_wrong"
	StoreKeyMissing      Code = "store.key_missing"
	StoreUnavailable     Code = "store.unavailable"
	StoreBusy            Code = "store.busy"
	StoreRefused         Code = "store.refused"
	StoreReadOnly        Code = "store.read_only"
	StoreDamaged         Code = "store.damaged"
	StoreClosed          Code = "store.closed"
	StoreNotFound        Code = "store.not_found"
	StoreExists          Code = "store.exists"
	StoreNoParent        Code = "store.no_parent"
	StoreFormExists      Code = "store.form_exists"
	StoreRecordExists    Code = "store.record_exists"
	StoreToken           Code = "store.token"
	StoreBlobMismatch    Code = "store.blob_mismatch"
	StoreBlobDamaged     Code = "store.blob_damaged"
	StoreErased          Code = "store.erased"
	StoreNotEmpty        Code = "store.not_empty"
	StorePassphrase      Code = "store.passphrase"
	StorePassphraseShort Code = "store.passphrase_short"
	StoreNotABackup      Code = "store.not_a_backup"
	StoreBackupDamaged   Code = "store.backup_damaged"
	StoreRestorePending  Code = "store.restore_unfinished"
	StoreOldDatabase     Code = "store.old_database"
	StoreFolderUnusable  Code = "store.folder_unusable"
	StoreAddressUnusable Code = "store.address_unusable"
)

func storeFaults() []Entry {
	return []Entry{
		{StoreNewerVersion, Conflict, "the data in {where} was written by a newer Safar (data version {found}, this program knows {known})", "Use the newer program, or restore a backup that was made before the upgrade; nothing was changed."},
		{StoreLocked, Unavailable, "the data folder {dir} is in use by another Safar (process {pid})", "Stop that process, or let the command talk to it."},
		{StoreNotADataFolder, Invalid, "{dir} is not a Safar data folder: it holds {found}", "Name an empty folder or one that Safar made."},
		{StoreNoSpace, Unavailable, "there is no space left to store this", "Free some space and send it again; nothing that was accepted before is lost."},
		{StoreKeyWrong, Conflict, "the master key does not fit the data in {where}", "Use the master key that the data was written with."},
		{StoreKeyMissing, Conflict, "the data in {where} is encrypted and its master key {file} is missing", "Put the key file back, or restore a backup, which holds the key."},
		{StoreUnavailable, Unavailable, "the database cannot be reached now", "Try again in a moment; if it lasts, look at the database server."},
		{StoreBusy, Unavailable, "the database is busy with another process", "Try again in a moment."},
		{StoreRefused, Invalid, "the database server refused the connection: {reason}", "Look at the address, user, password and database name."},
		{StoreReadOnly, Unavailable, "the data cannot be written: file or database is read-only", "Give the user that runs Safar the right to write there."},
		{StoreDamaged, Internal, "the database file is damaged", "Stop Safar, keep the folder as it is and restore the last backup into a new one."},
		{StoreClosed, Unavailable, "the data store is closed", "Start Safar again."},
		{StoreNotFound, NotFound, "there is no {what} {id}", "Look at the list of what there is and choose one of it."},
		{StoreExists, Conflict, "this exists already ({what})", "Choose another name, or change the one that is there."},
		{StoreNoParent, Conflict, "this belongs to something that does not exist, or that others still need ({what})", "Create what it belongs to first."},
		{StoreFormExists, Conflict, "form {form} version {version} exists with other content", "Give the changed form a new version."},
		{StoreRecordExists, Conflict, "instance {instance} of form {form} has a version {version} already", "Store it as the next version."},
		{StoreToken, Unauthenticated, "this one-time link is unknown, was used or has run out", "Ask for a new one."},
		{StoreBlobMismatch, Invalid, "the content is not what its name says: {reason}", "Send the file again."},
		{StoreBlobDamaged, Internal, "the stored content {sha} is damaged: {reason}", "Restore it from a backup."},
		{StoreErased, NotFound, "the body of journal entry {id} was erased: {reason}", "The entry itself stays in the chain; there is nothing to mend."},
		{StoreNotEmpty, Conflict, "the target holds data already", "Restore into a new data folder or an empty database."},
		{StorePassphrase, Invalid, "the passphrase does not open this backup, or its first part is damaged", "Type the passphrase the backup was made with."},
		{StorePassphraseShort, Invalid, "the passphrase is shorter than {least} characters", "Choose a longer one and keep it where it cannot be lost: without it the backup is of no use."},
		{StoreNotABackup, Invalid, "this is not a Safar backup", "Choose a file that safar backup made."},
		{StoreBackupDamaged, Invalid, "the backup is damaged: {reason}", "Use another copy of the backup."},
		{StoreRestorePending, Conflict, "a restore into {where} did not finish", "Empty the folder or database and restore again."},
		{StoreOldDatabase, Invalid, "the database server is PostgreSQL {found}; Safar needs 15 or newer", "Upgrade the server."},
		{StoreFolderUnusable, Unavailable, "the data folder {dir} cannot be used: {reason}", "Give the user that runs Safar the right to read and write there."},
		{StoreAddressUnusable, Invalid, "{address} is not a database Safar knows", "Leave it empty for the embedded database, or write postgres://user@host/name."},
	}
}
