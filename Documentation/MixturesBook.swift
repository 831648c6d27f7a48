// DocC finds a catalog of articles only inside a target: this one exists for `Documentation.docc`.
