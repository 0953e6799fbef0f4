-- The database of the lake's catalog, made once, with the first start of PostgreSQL (compose.yaml).
CREATE DATABASE lake;
