"""The only ways past the guard of the history: three doors, opened by four modules; contracts say who may use
which.

- `erasure`: a person asked to be forgotten (Art. 17 DSGVO): values that hold their words are emptied.
- `takedown`: the same door, for what once stood in one text that was taken down.
- `clearance_purge`: what tells of an inspection goes with it (§ 72a Abs. 5 SGB VIII).
- `retention`: lines older than their term are deleted.

A door is open for the transaction that opened it and closed again before its function returns. The trigger
also looks at what is done: each door lets through only its own kind of change.
"""
