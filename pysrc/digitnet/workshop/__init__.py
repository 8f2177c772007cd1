"""What lets one change the lesson and see what comes of it: load edited files, watch, check, trace, exercise them."""
