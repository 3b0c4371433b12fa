-- What somebody uploaded before is found by its bytes.
CREATE INDEX file_hash ON file(account, sha256);
