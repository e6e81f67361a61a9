# Words that many pages share.
