"""What is wrong or doubtful with a plan before it runs: the plan, the checks, and the list that follows it."""
