"""What a town gets beside its page: poster, figures, logo and contact."""
