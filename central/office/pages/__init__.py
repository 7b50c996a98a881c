"""What people see, one file for each subject. Every page works without scripts."""
