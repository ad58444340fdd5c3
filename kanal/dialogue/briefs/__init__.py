"""The sheets for the host and for the agencies that come: what is picked and asked, and how it goes on paper."""
