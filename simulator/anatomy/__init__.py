"""What is in the body: torso, zones, chest wall, ribs, lungs, organs; baking to voxel fields."""
