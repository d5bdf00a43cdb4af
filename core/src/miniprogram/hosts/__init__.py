"""Host apps: which mini-programs they load, from where, and how a publisher hands one over."""
