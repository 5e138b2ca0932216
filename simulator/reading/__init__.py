"""What a person sees in the picture: signs measured on echoes and frames, with no knowledge of the body's fields."""
