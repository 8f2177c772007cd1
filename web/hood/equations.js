/** The equation that a line of the lesson is. By the line's very text: a line that has been edited has none. */

/** @type {Record<string, Record<string, string>>} */
export const EQUATIONS = {
  "network.py": {
    "z = ops.matmul(activations[-1], W) + b": "z⁽ˡ⁾ = a⁽ˡ⁻¹⁾ W⁽ˡ⁾ + b⁽ˡ⁾",
    "activations.append(z if is_output else f(z))": "a⁽ˡ⁾ = f(z⁽ˡ⁾); in the last layer a⁽ᴸ⁾ = z⁽ᴸ⁾",
    "dW = ops.matmul(a.T, dz)": "∂L/∂W⁽ˡ⁾ = a⁽ˡ⁻¹⁾ᵀ ∂L/∂z⁽ˡ⁾",
    "db = dz.sum(axis=0)": "∂L/∂b⁽ˡ⁾ = Σᵢ ∂L/∂zᵢ⁽ˡ⁾, summed over the rows i of the batch",
    "dW += l2 * W": "∂L/∂W⁽ˡ⁾ ← ∂L/∂W⁽ˡ⁾ + λ W⁽ˡ⁾",
    "loss += 0.5 * l2 * float(np.sum(W * W))": "L ← L + ½ λ Σ (W⁽ˡ⁾)²",
    "da = ops.matmul(dz, W.T)": "∂L/∂a⁽ˡ⁻¹⁾ = ∂L/∂z⁽ˡ⁾ W⁽ˡ⁾ᵀ",
    "dz = da * derivative(a)": "∂L/∂z⁽ˡ⁻¹⁾ = ∂L/∂a⁽ˡ⁻¹⁾ ⊙ f′(z⁽ˡ⁻¹⁾)",
  },
  "activations.py": {
    "return np.maximum(z, 0)": "f(z) = max(z, 0)",
    "return a > 0": "f′(z) = 1 where z > 0, else 0",
    "return np.maximum(z, LEAK * z)": "f(z) = max(z, 0.01 z)",
    "return np.where(a > 0, 1, LEAK).astype(a.dtype)": "f′(z) = 1 where z > 0, else 0.01",
    "return np.tanh(z)": "f(z) = tanh z",
    "return 1 - a * a": "f′(z) = 1 − a²",
    "return (1 + np.tanh(z / 2)) / 2": "f(z) = 1 / (1 + e⁻ᶻ) = (1 + tanh(z / 2)) / 2",
    "return a * (1 - a)": "f′(z) = a (1 − a)",
  },
  "losses.py": {
    "z = logits - logits.max(axis=-1, keepdims=True)": "zₖ ← zₖ − maxⱼ zⱼ, which leaves softmax as it is",
    "return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))": "log pₖ = zₖ − log Σⱼ exp(zⱼ)",
    "loss = -np.sum(Y * log_p) / n": "L = −1/n Σᵢ Σₖ yᵢₖ log pᵢₖ",
    "return float(loss), (np.exp(log_p) - Y) / n": "∂L/∂z⁽ᴸ⁾ = (p − y) / n",
  },
  "optimizers.py": {
    "w -= self.lr * g": "w ← w − η g",
    "v *= self.beta": "v ← β v",
    "v += g": "v ← v + g",
    "w -= self.lr * v": "w ← w − η v",
    "self.t += 1": "t ← t + 1",
    "ops.adam_update(w, g, m, s, self.t, self.lr, self.beta1, self.beta2, self.eps)":
      "m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − η m̂ / (√ŝ + ε)  with m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ)",
  },
  "training.py": {
    "return self.config.lr * (1 + math.cos(math.pi * min(self.position, 1.0))) / 2": "η = η₀ (1 + cos(π × position in the run)) / 2",
    "X, Y = scale_pixels(images, self.model.dtype), self.targets[rows]": "a⁽⁰⁾ = pixels / 255",
  },
};

/**
 * The equation of a line of code, or nothing.
 * @param {string} file
 * @param {string} code
 */
export const equationOf = (file, code) => EQUATIONS[file]?.[code.trim()] ?? "";
