package fault

// Codes of the command line.
const (
	CommandNoFile    Code = "command.no_file"
	CommandNoServer  Code = "command.no_server"
	CommandInUse     Code = "command.in_use"
	CommandAddress   Code = "command.address"
	CommandFileThere Code = "command.file_exists"
	CommandNoData    Code = "command.no_data"
	CommandNoFolder  Code = "command.no_folder"
	CommandNoPass    Code = "command.no_passphrase"
)

func commandFaults() []Entry {
	return []Entry{
		{CommandNoFile, Invalid, "the file {file} cannot be read: {reason}", "Check the name and the folder you are in."},
		{CommandNoServer, Unavailable, "another Safar holds the data folder {dir} and does not answer", "Wait until it has finished, or stop it, and try again."},
		{CommandInUse, Unavailable, "this command cannot run while a Safar serves the data folder {dir}", "Stop the server first."},
		{CommandAddress, Invalid, "Safar cannot listen on {addr}: {reason}", "Choose another address with --addr, such as --addr 127.0.0.1:8411."},
		{CommandFileThere, Conflict, "{file} exists already", "Choose another name, or move the old file away; Safar does not overwrite it."},
		{CommandNoData, NotFound, "there is no data folder {dir}", "Name it with --data; operation create, import records and serve make a new one."},
		{CommandNoFolder, Invalid, "the folder {dir} cannot be made: {reason}", "Choose a folder you may write to with --data."},
		{CommandNoPass, Invalid, "a backup needs a passphrase", "Put it into the first line of a file and name the file with --passphrase-file, or set SAFAR_PASSPHRASE."},
	}
}
