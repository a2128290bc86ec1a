"""FSRS parameters for this learner: fitted in a process of their own, judged on reviews that no fit had seen."""
