// Has nothing of its own: what it is compiled with is precompiled by it.
