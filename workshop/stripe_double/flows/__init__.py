"""What happens at Stripe: each flow changes objects and tells of it in events."""
