"""What fills the picture: which class each pixel belongs to, and stretches of alike composition."""
