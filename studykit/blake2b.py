"""BLAKE2b as hashlib hands it out, without the OpenSSL that hashlib loads: 4 ms of a command that asks for a digest."""

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
