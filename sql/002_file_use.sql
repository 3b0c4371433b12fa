-- Which records name an uploaded file, or once did: whoever may read one of them may read the file. Grows only, like the
-- histories of the records it follows. Recomputable.
CREATE TABLE file_use (
	file BLOB NOT NULL,
	record BLOB NOT NULL,
	register TEXT NOT NULL,
	PRIMARY KEY (file, record)
);
INSERT INTO file_use (file, record, register)
	SELECT DISTINCT file.id, journal.record, journal.register
	FROM file, journal, json_tree(journal.change) AS node
	WHERE node.type = 'text' AND lower(replace(node.value, '-', '')) = lower(hex(file.id));
