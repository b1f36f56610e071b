-- Run once by the PostgreSQL image on an empty volume: one database per service.
CREATE DATABASE federation;
CREATE DATABASE county;
CREATE DATABASE gate;
