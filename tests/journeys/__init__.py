"""Stories of clients on simulated time, through the real tasks and a real SMTP conversation."""
