"""Learning-rate schedules by their torch names, one file each."""
