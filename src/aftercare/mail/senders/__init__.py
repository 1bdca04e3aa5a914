"""Ways to hand finished messages over: SMTP, a folder, memory. All keep the `Sender` protocol."""
