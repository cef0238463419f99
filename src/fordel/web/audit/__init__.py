"""The audit log: who did what to what, when and on what ground; nothing in it can be changed or taken out unseen."""
