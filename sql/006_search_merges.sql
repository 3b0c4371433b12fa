-- What each commit adds to the search index is a piece of its own. Pieces are merged by sixteen instead of by four, so that a
-- word is copied half as often; a search looks into a few more of them.
INSERT INTO search (search, rank) VALUES ('automerge', 16);
INSERT INTO search (search, rank) VALUES ('crisismerge', 32);
