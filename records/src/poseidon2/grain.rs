//! The Grain LFSR in self-shrinking mode, as the reference generator of Poseidon and Poseidon2
//! uses it (eprint 2019/458, appendix F).

use ark_bn254::Fr;
use ark_ff::PrimeField;

/// Bits of a drawn integer.
const BITS: u32 = Fr::MODULUS_BIT_SIZE;

/// The state of 80 bits; bit 0 is the oldest.
pub(super) struct Grain(u128);

impl Grain {
    /// Seeds with the description of the permutation (prime field, power S-box, bits of the
    /// field, width, full rounds, partial rounds, ones) and discards the first 160 bits.
    pub(super) fn new(width: usize, full_rounds: usize, partial_rounds: usize) -> Self {
        const PRIME_FIELD: u128 = 1;
        const POWER_SBOX: u128 = 0;
        let fields: [(u128, u32); 7] = [
            (PRIME_FIELD, 2),
            (POWER_SBOX, 4),
            (u128::from(BITS), 12),
            (width as u128, 12),
            (full_rounds as u128, 10),
            (partial_rounds as u128, 10),
            ((1 << 30) - 1, 30),
        ];
        let seed = fields.iter().fold(0_u128, |seed, (value, bits)| (seed << bits) | value);
        // The description is written with its first bit first, which is bit 0 of the state.
        let mut grain = Self(seed.reverse_bits() >> (128 - 80));
        for _ in 0..160 {
            grain.step();
        }
        grain
    }

    /// The next integer of the field's bit size that is below its order.
    pub(super) fn below_order(&mut self) -> Fr {
        loop {
            if let Some(field) = Fr::from_bigint(self.integer()) {
                return field;
            }
        }
    }

    /// The next integer of the field's bit size, reduced.
    pub(super) fn reduced(&mut self) -> Fr {
        let integer = self.integer();
        let bytes: Vec<u8> = integer.0.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        Fr::from_le_bytes_mod_order(&bytes)
    }

    fn integer(&mut self) -> ark_ff::BigInt<4> {
        let mut limbs = [0_u64; 4];
        for bit in (0..BITS as usize).rev() {
            limbs[bit / 64] |= u64::from(self.bit()) << (bit % 64);
        }
        ark_ff::BigInt::new(limbs)
    }

    /// Of each pair of bits, the second, if the first is one.
    fn bit(&mut self) -> bool {
        while !self.step() {
            self.step();
        }
        self.step()
    }

    fn step(&mut self) -> bool {
        let tap = |i: u32| (self.0 >> i) & 1;
        let new = tap(62) ^ tap(51) ^ tap(38) ^ tap(23) ^ tap(13) ^ tap(0);
        self.0 = (self.0 >> 1) | (new << 79);
        new == 1
    }
}
