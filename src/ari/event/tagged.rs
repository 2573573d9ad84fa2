//! Reading JSON of which one field says what it is.
//!
//! serde's own way for such a type keeps all fields, read but not understood, until it has come to the one
//! that says what they mean. An event is nearly all of what we read. Most of Asterisk's say first what they
//! are; the others, such as a request to hang up, are gone over twice.

use std::borrow::Cow;

use serde::de::value::CowStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer,
    VariantAccess, Visitor,
};
use serde_json::{Result, de::StrRead};

/// What it is.
#[derive(serde::Deserialize)]
pub(super) struct Kind<'text> {
    /// Such as `StasisStart`.
    #[serde(borrow)]
    pub(super) r#type: Cow<'text, str>,
}

/// Reads an enum whose variants are named in the field `type`, beside their own fields.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T> {
    let kind = match kind_said_first(text) {
        Some(kind) => Cow::Borrowed(kind),
        None => serde_json::from_str::<Kind<'_>>(text)?.r#type,
    };
    T::deserialize(Tagged {
        kind,
        text: serde_json::Deserializer::from_str(text),
    })
}

fn kind_said_first(text: &str) -> Option<&str> {
    let (kind, _) = text.strip_prefix(r#"{"type":""#)?.split_once('"')?;
    (!kind.contains('\\')).then_some(kind)
}

struct Tagged<'de> {
    kind: Cow<'de, str>,
    text: serde_json::Deserializer<StrRead<'de>>,
}

impl<'de> Deserializer<'de> for Tagged<'de> {
    type Error = serde_json::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value> {
        Err(Error::custom("only an enum can be read like this"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Tagged<'de> {
    type Error = serde_json::Error;
    type Variant = Fields<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant)> {
        let kind: CowStrDeserializer<'_, Self::Error> = self.kind.into_deserializer();
        Ok((seed.deserialize(kind)?, Fields(self.text)))
    }
}

/// The fields of one variant, with all the others that are nobody's business.
struct Fields<'de>(serde_json::Deserializer<StrRead<'de>>);

impl<'de> VariantAccess<'de> for Fields<'de> {
    type Error = serde_json::Error;

    fn unit_variant(mut self) -> Result<()> {
        IgnoredAny::deserialize(&mut self.0).map(drop)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value> {
        seed.deserialize(&mut self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value> {
        self.0.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.0.deserialize_struct("", fields, visitor)
    }
}
