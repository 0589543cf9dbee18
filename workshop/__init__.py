"""The tools around the product: the runner behind ./dev, the double of Stripe, the demo. Never shipped."""
