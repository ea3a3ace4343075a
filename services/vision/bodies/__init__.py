"""What a body does, from its keypoints over time: pure functions, nothing learned."""
