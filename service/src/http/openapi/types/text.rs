//! Values that are written as text.

use utoipa::ToSchema;

/// A field element of BN254: 32 bytes, big-endian, below r, as 64 lower-case hexadecimal digits.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    pattern = "^[0-9a-f]{64}$",
    example = "1f0be4d8c1d2bb9f0a5ad3ff4ae6c4f8f5b1c6a2d3e4f5061728394a5b6c7d8e"
)]
pub struct FieldElement(pub String);

/// A SHA-256 digest, as 64 lower-case hexadecimal digits.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    pattern = "^[0-9a-f]{64}$",
    example = "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab"
)]
pub struct Digest(pub String);

/// 16 random bytes, as 32 lower-case hexadecimal digits.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    pattern = "^[0-9a-f]{32}$",
    example = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
)]
pub struct Nonce(pub String);

/// A Groth16 proof over BN254, points compressed: 128 bytes, as 256 lower-case hexadecimal
/// digits.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[0-9a-f]{256}$")]
pub struct Proof(pub String);

/// A calendar date.
#[derive(ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-01-31")]
pub struct Date(pub String);

/// Name of a ledger, unique in the world. Without white space, `+` and `/`.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = r"^[^\s+/]{1,100}$", example = "traffic.vouch.example")]
pub struct Origin(pub String);

/// Public key of a ledger: a C2SP note key, `name+hash+key`.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    example = "customs.vouch.example+4516e21b+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
)]
pub struct LedgerKey(pub String);

/// A C2SP checkpoint in a signed note: origin, size, log root, state root, time, signatures. At
/// most 8,192 bytes.
#[derive(ToSchema)]
#[schema(value_type = String)]
pub struct SignedCheckpoint(pub String);

/// A token: `vouch_` and 32 random bytes in base64url. Secret.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^vouch_[A-Za-z0-9_-]{43}$")]
pub struct Token(pub String);

/// A language of texts.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Chinese (simplified).
    Zh,
}
