// Great vessels near the notch; twins: above_dome_m of simulator/anatomy/body.py, artery_now_m of simulator/physiology/heart.py.

// Signed distance [m] to what lies above the resting dome of two things that share a channel.
float above_dome_m(float shared_m, float dome_m) { return max(shared_m, -dome_m); }

// Signed distance [m] now to an artery that was `resting_m` away at end-diastole.
float artery_now_m(float resting_m, float contraction) { return resting_m - 5.0e-4 * contraction; }
