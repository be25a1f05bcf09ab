"""The help centre: the pages that customers read, complete without scripts, in the languages that pages speak."""
